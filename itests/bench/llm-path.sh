#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# CPU and memory of the LLM path: a started server between a load generator and a mock provider, next to direct calls
# and nginx in the same run.
#   BENCH=<folder with bench.sh, compare.sh, mock.c and lg.c> itests/bench/llm-path.sh [scenario ...]
# Scenarios: unary rate big huge sse100 sse1000 sse5000 fast abort (default: unary sse1000). Needs gcc, jq, ss, nginx.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${BENCH:?folder of the load generator and the mock provider}"
scenarios=${*:-unary sse1000}
home=$(mktemp -d)
port=18087
mkdir -p "$home/config"
cat > "$home/config/hyperspot.yaml" <<YAML
modules:
  web: { rate_limit_subject_per_minute: 2000000000, rate_limit_tenant_per_minute: 2000000000 }
  llm-gateway: { token_limit_subject_per_minute: 2000000000, token_limit_tenant_per_minute: 2000000000 }
  llm-openai:
    instances:
      mock: { base_url: "http://127.0.0.1:9100/v1", api_key: "none", allow_unlisted: true }
YAML
HYPERSPOT_HEAP=${HYPERSPOT_HEAP:-512m} "${HYPERSPOT:-./hyperspot}" run --home "$home" --port $port --no-model > "$home/out.log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null || true; rm -rf "$home"' EXIT
mkdir -p "$BENCH/run"
for _ in $(seq 600); do grep -q 'Try it' "$home/out.log" && break; kill -0 $server; sleep 0.2; done
grep 'is ready' "$home/out.log"
echo "idle RSS kB: $(awk '/VmRSS/{print $2}' /proc/$server/status)"
key=$(cat "$home/data/first-api-key")
MODEL=mock/mock SSE_MODEL='mock/sse-%d-%d' SCEN="$scenarios" ONLY="${ONLY:-direct nginx}" ROUNDS="${ROUNDS:-2}" \
    PIN="${PIN:-1}" WARM="${WARM:-15}" "$BENCH/compare.sh" hyperspot "http://127.0.0.1:$port/openai/v1" "Authorization: Bearer $key"
echo "RSS kB after load: $(awk '/VmRSS/{print $2}' /proc/$server/status)"
sleep 20
echo "RSS kB 20 s later: $(awk '/VmRSS/{print $2}' /proc/$server/status)"
