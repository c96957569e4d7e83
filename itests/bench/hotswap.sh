#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Upgrades of a connector under load: ours, and the plain update of a folder watched by Apache Felix FileInstall in the
# same container, in the same run.
#   itests/bench/hotswap.sh [upgrades]        (default 100)
# Environment: UNARY (64), STREAMING (200), BASELINE_UPGRADES (10), HYPERSPOT (./hyperspot). Needs Maven and jcmd.
set -euo pipefail
cd "$(dirname "$0")/../.."
upgrades=${1:-100}
unary=${UNARY:-64} streaming=${STREAMING:-200}
swap=$(ls itests/swap-connector/target/acme.swap-*.jar | grep -v sources | head -n 1)
port=18088
home=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; wait 2>/dev/null || true; rm -rf "$home"' EXIT

start() { # extra JVM options
    rm -rf "$home"; mkdir -p "$home/plugins" "$home/watched"
    [ -z "${1:-}" ] || cp "$2" "$home/plugins/"
    HYPERSPOT_JAVA_OPTS="${1:-}" "${HYPERSPOT:-./hyperspot}" run --home "$home" --port $port --no-model > "$home.log" 2>&1 &
    server=$!
    for _ in $(seq 300); do grep -q 'Try it' "$home.log" && break; kill -0 "$server"; sleep 0.2; done
    key=$(cat "$home/data/first-api-key")
}
stop() { kill "$server"; wait "$server" || true; server=; }
load() { # folder, upgrades, pause
    java=$(readlink -f "/proc/$server/exe")
    "$java" -Xmx1g -cp 'itests/bench/target/lib/*' io.hyperspot.bench.HotSwap "http://127.0.0.1:$port" "$key" "$swap" "$1" "$2" "$unary" "$streaming" "$3"
}
inside() { # what the server holds, after a collection
    jcmd=$(dirname "$(readlink -f "/proc/$server/exe")")/jcmd
    "$jcmd" "$server" GC.run > /dev/null; "$jcmd" "$server" GC.run > /dev/null
    echo "metaspace           $("$jcmd" "$server" VM.metaspace | awk '/Both:/{print; exit}' | tr -s ' ')"
    echo "loaders with SwapWorker $("$jcmd" "$server" GC.class_histogram -all | grep -c ' acme.swap.SwapWorker$' || true)"
}

echo "== HyperSpot: $upgrades upgrades, $unary unary and $streaming streaming clients"
start
load - 2 100 > /dev/null
inside
load - "$upgrades" 200
sleep 40
inside
stop

echo "== FileInstall in the same container: ${BASELINE_UPGRADES:-10} updates"
mvn -q -B dependency:copy -Dartifact=org.apache.felix:org.apache.felix.fileinstall:3.7.4 -DoutputDirectory="$PWD/itests/bench/target/peer" > /dev/null
start "-Dfelix.fileinstall.dir=$home/watched -Dfelix.fileinstall.poll=500 -Dfelix.fileinstall.noInitialDelay=true -Dfelix.fileinstall.log.level=1" \
    itests/bench/target/peer/org.apache.felix.fileinstall-3.7.4.jar
load "$home/watched" "${BASELINE_UPGRADES:-10}" 2000
stop
