#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# New versions of a connector in a started server.
#   itests/bench/hotswap.sh [upgrades]        Upgrades under load (default 100): ours, and the plain update of a folder
#                                             watched by Apache Felix FileInstall in the same container, in the same run.
#   itests/bench/hotswap.sh times [runs]      How long a drop, a switch and a rollback take (default 50 runs), without load;
#                                             with UNARY or STREAMING set, under that load.
#   itests/bench/hotswap.sh broken            Versions that fail, under load: each is taken back by itself, and fails no
#                                             request but those that it answered. Ends with 1 when that is not so.
# Environment: UNARY (64), STREAMING (200), BASELINE_UPGRADES (10), HYPERSPOT (./hyperspot). Needs Maven and jcmd.
set -euo pipefail
cd "$(dirname "$0")/../.."
mode=upgrades upgrades=${1:-100}
case ${1:-} in times|broken) mode=$1 runs=${2:-50} ;; esac
[ $mode = times ] || : "${UNARY:=64}" "${STREAMING:=200}"
unary=${UNARY:-0} streaming=${STREAMING:-0}
swap=$(ls itests/swap-connector/target/acme.swap-*.jar | grep -v sources | head -n 1)
port=18088
home=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; wait 2>/dev/null || true; rm -rf "$home"' EXIT

start() { # extra JVM options
    rm -rf "$home"; mkdir -p "$home/plugins" "$home/watched" "$home/config"
    # a version that never gets healthy is given up after this
    echo 'modules: { plugins: { start_timeout_seconds: 5 } }' > "$home/config/hyperspot.yaml"
    [ -z "${1:-}" ] || cp "$2" "$home/plugins/"
    HYPERSPOT_JAVA_OPTS="${1:-}" "${HYPERSPOT:-./hyperspot}" run --home "$home" --port $port --no-model > "$home.log" 2>&1 &
    server=$!
    for _ in $(seq 300); do grep -q 'Try it' "$home.log" && break; kill -0 "$server"; sleep 0.2; done
    key=$(cat "$home/data/first-api-key")
}
stop() { kill "$server"; wait "$server" || true; server=; }
load() { # mode, its arguments
    java=$(readlink -f "/proc/$server/exe")
    "$java" -Xmx1g -cp 'itests/bench/target/lib/*' io.hyperspot.bench.HotSwap "http://127.0.0.1:$port" "$key" "$swap" "$@"
}
inside() { # what the server holds, after a collection
    jcmd=$(dirname "$(readlink -f "/proc/$server/exe")")/jcmd
    "$jcmd" "$server" GC.run > /dev/null; "$jcmd" "$server" GC.run > /dev/null
    echo "metaspace           $("$jcmd" "$server" VM.metaspace | awk '/Both:/{print; exit}' | tr -s ' ')"
    echo "loaders with SwapWorker $("$jcmd" "$server" GC.class_histogram -all | grep -c ' acme.swap.SwapWorker$' || true)"
}

case $mode in
times)
    echo "== HyperSpot: times of $runs runs each, $unary unary and $streaming streaming clients"
    start
    load times "$home/plugins" "$runs" "$unary" "$streaming"
    exit ;;
broken)
    echo "== HyperSpot: broken versions, $unary unary and $streaming streaming clients"
    start
    load broken "$unary" "$streaming"
    exit ;;
esac

echo "== HyperSpot: $upgrades upgrades, $unary unary and $streaming streaming clients"
start
load upgrades - 2 "$unary" "$streaming" 100 > /dev/null
inside
load upgrades - "$upgrades" "$unary" "$streaming" 200
sleep 40
inside
stop

echo "== FileInstall in the same container: ${BASELINE_UPGRADES:-10} updates"
mvn -q -B dependency:copy -Dartifact=org.apache.felix:org.apache.felix.fileinstall:3.7.4 -DoutputDirectory="$PWD/itests/bench/target/peer" > /dev/null
start "-Dfelix.fileinstall.dir=$home/watched -Dfelix.fileinstall.poll=500 -Dfelix.fileinstall.noInitialDelay=true -Dfelix.fileinstall.log.level=1" \
    itests/bench/target/peer/org.apache.felix.fileinstall-3.7.4.jar
load upgrades "$home/watched" "${BASELINE_UPGRADES:-10}" "$unary" "$streaming" 2000
stop
