#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Requests a second on the GTS specification's own surface, on 8 connections, of a server on a fresh home.
#   itests/bench/gts-http.sh
# HYPERSPOT: the launcher of a built distribution (default: that of this checkout)
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
hyperspot=${HYPERSPOT:-$root/distribution/target/hyperspot/hyperspot}
[[ -d $root/itests/bench/target/lib ]] || { echo "build first: mvn -Pquick -pl itests/bench -am package" >&2; exit 2; }
home=$(mktemp -d)
port=${PORT:-18099}
"$hyperspot" run --no-model --home="$home" --port="$port" >"$home/server.log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null || true; rm -rf "$home"' EXIT
for _ in $(seq 150); do
  curl -fs -o /dev/null "http://127.0.0.1:$port/health/ready" && break
  sleep 0.2
done
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$java" -cp "$root/itests/bench/target/lib/*" io.hyperspot.bench.GtsHttp "http://127.0.0.1:$port" "$(cat "$home/data/first-api-key")"
