#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# CPU of 1,000 streams whose chunks are translated: clients of each protocol with a mock provider of OpenAI's, on a started
# server with limits in requests and tokens on. The first line, of the provider's own protocol, is not translated.
#   BENCH=<folder with mock and lg, built> itests/bench/llm-translated.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${BENCH:?folder of the load generator and the mock provider}"
home=$(mktemp -d)
port=18088
base=http://127.0.0.1:$port
mkdir -p "$home/config"
cat > "$home/config/hyperspot.yaml" <<YAML
modules:
  web: { rate_limit_subject_per_minute: 2000000000, rate_limit_tenant_per_minute: 2000000000 }
  llm-gateway: { token_limit_subject_per_minute: 2000000000, token_limit_tenant_per_minute: 2000000000 }
  llm-openai:
    instances:
      mock: { base_url: "http://127.0.0.1:9100/v1", api_key: "none", allow_unlisted: true }
YAML
ulimit -n "$(ulimit -Hn)"
taskset -c 1 "$BENCH/mock" -p 9100 -life 600 & mock=$!
HYPERSPOT_HEAP=${HYPERSPOT_HEAP:-512m} taskset -c 0 "${HYPERSPOT:-./hyperspot}" run --home "$home" --port $port --no-model > "$home/out.log" 2>&1 &
server=$!
trap 'kill $server $mock 2>/dev/null; wait 2>/dev/null || true; rm -rf "$home"' EXIT
for _ in $(seq 600); do grep -q 'Try it' "$home/out.log" && break; kill -0 $server; sleep 0.2; done
key=$(cat "$home/data/first-api-key")
model=mock/sse-50-10
messages='"messages":[{"role":"user","content":"x"}]'
measure() { # name, path, body
    echo "$3" > "$home/body.json"
    echo "$1 $(taskset -c 1 "$BENCH/lg" -u "$base$2" -B "$home/body.json" -m sse -c "${STREAMS:-1000}" -n 50 -g 10 -w "${WARM:-15}" -d 5 -P $server -Q $mock \
        -H "Authorization: Bearer $key" | jq -c '{chunks_s, errors, non200, incomplete, cpu_s_per_10k, chunk_delay_p99_us}')"
}
measure openai /openai/v1/chat/completions "{\"model\":\"$model\",\"stream\":true,\"max_tokens\":99,$messages}"
measure anthropic /anthropic/v1/messages "{\"model\":\"$model\",\"stream\":true,\"max_tokens\":99,$messages}"
measure gemini "/gemini/v1beta/models/$model:streamGenerateContent?alt=sse" '{"contents":[{"role":"user","parts":[{"text":"x"}]}],"generationConfig":{"maxOutputTokens":99}}'
