// SPDX-License-Identifier: Apache-2.0
// The page of models: what their providers say of themselves, what calls use and cost, and a box to try one.
import { ask, forgetKey, onKey, query, send, signedIn } from './api.js';
import { $, h, oneAtATime, onClick, show, state, table } from './elements.js';

const TYPE = 'gts.hyperspot.core.usage.usage_type.v1~hyperspot.llm.usage.';
const COUNTED = ['calls', 'input_tokens', 'output_tokens', 'cost'];
let trying;

const cells = (...content) => h('tr', {}, content.map((each) => h('td', {}, each)));
const code = (text) => h('code', {}, text ?? '');
const number = (text) => (text === undefined ? '' : Number(text).toLocaleString());
const dollars = (text) => (text === undefined ? '' : `$${Number(text).toFixed(6)}`);
const none = (text = 'There are none.') => h('p', {}, text);

/** A part that may not be shown says so in its own place. */
async function part(id, draw) {
  try {
    show(id, await draw());
  } catch (error) {
    show(id, h('p', { class: 'reason' }, error.message));
  }
}

// --- what is shown ---
async function providers() {
  // an answer of 503 has the parts too
  const response = await fetch('/health/ready', { cache: 'no-store', credentials: 'omit' });
  const { parts = {} } = await response.json();
  const ours = Object.entries(parts).filter(([name]) => /^(llm|embeddings)-/.test(name));
  return ours.length === 0 ? none()
    : table('Providers', ['Part', 'State', 'Reason'], ours.map(([name, part]) => cells(code(name), state(part.status), part.reason ?? '')));
}

/** The sums of each usage type, by what they are grouped by. */
async function sums(group) {
  const today = new Date().setUTCHours(0, 0, 0, 0);
  const from = new Date(today - ($('span').value - 1) * 86_400_000).toISOString();
  const all = new Map();
  await Promise.all(COUNTED.map(async (type) => {
    const { items } = await ask('GET', `/usage/v1/aggregates?${query({
      type: `${TYPE}${type}.v1~`, from, period: 'total', group_by: group, below: $('below').checked || undefined })}`);
    for (const item of items) {
      const name = item[group] ?? item[`${group}_id`];
      all.set(name, { ...all.get(name), [type]: item.sum });
    }
  }));
  return all;
}

const used = (s = {}) => [number(s.calls), number(s.input_tokens), number(s.output_tokens), dollars(s.cost)];
const COLUMNS = ['Calls', 'Input tokens', 'Output tokens', 'Cost'];

async function models() {
  const [{ data }, byModel] = await Promise.all([ask('GET', '/openai/v1/models'), sums('resource')]);
  const chosen = $('try-model').value;
  $('try-model').replaceChildren(...data.map(({ id }) => h('option', { value: id, selected: id === chosen }, id)));
  // those that were called and are not listed, or not any more
  const names = [...new Set([...data.map(({ id }) => id), ...byModel.keys()])].sort();
  return names.length === 0 ? none() : table('Models', ['Model', ...COLUMNS], names.map((name) => cells(code(name), ...used(byModel.get(name)))));
}

async function grouped(group, title) {
  const all = await sums(group);
  return all.size === 0 ? none('Nothing was used.')
    : table(title, [title, ...COLUMNS], [...all].sort().map(([name, sum]) => cells(code(name), ...used(sum))));
}

const loadAll = () => Promise.all([
  part('providers', providers),
  part('models', models),
  part('tenants', () => grouped('tenant', 'Tenant')),
  part('callers', () => grouped('subject', 'Caller')),
]);

// --- trying one ---
/** The data of the events of a stream, one after the other. */
async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split(/\r?\n/);
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith('data: ')) yield line.slice('data: '.length);
    }
  }
}

async function answer(signal) {
  const began = performance.now();
  let first;
  let usage;
  const body = { model: $('try-model').value, stream: true, stream_options: { include_usage: true },
    max_tokens: Number($('try-limit').value), messages: [{ role: 'user', content: $('try-text').value }] };
  const response = await send('POST', '/openai/v1/chat/completions', body, signal);
  for await (const data of events(response)) {
    if (data === '[DONE]') break;
    const piece = JSON.parse(data);
    if (piece.error) throw new Error(piece.error.message);
    const delta = piece.choices?.[0]?.delta ?? {};
    const text = delta.content ?? delta.reasoning_content ?? '';
    if (text !== '') first ??= performance.now();
    $('try-answer').append(text);
    usage = piece.usage ?? usage;
  }
  const seconds = (from, to) => `${((to - from) / 1000).toFixed(2)} s`;
  $('try-figures').textContent = [
    first && `first word after ${seconds(began, first)}`, `whole after ${seconds(began, performance.now())}`,
    usage && `${usage.prompt_tokens} tokens in, ${usage.completion_tokens} out`,
  ].filter(Boolean).join('; ');
}

async function tryOne() {
  trying = new AbortController();
  $('try-answer').textContent = $('try-figures').textContent = '';
  $('try-answer').hidden = $('try-stop').hidden = false;
  try {
    await answer(trying.signal);
  } catch (error) {
    if (!trying.signal.aborted) throw error;
    $('try-figures').textContent = 'stopped';
  } finally {
    $('try-stop').hidden = true;
  }
}

// --- actions ---
const attempt = oneAtATime(() => (signedIn() ? loadAll() : undefined));

onClick({
  stop: () => trying?.abort(),
  forget() {
    trying?.abort();
    for (const id of ['providers', 'models', 'tenants', 'callers', 'try-answer', 'try-figures', 'try-model']) $(id).replaceChildren();
    forgetKey();
  },
});

onKey(attempt);

$('span-form').addEventListener('submit', (event) => {
  event.preventDefault();
  // all is loaded after every action
  attempt('Adding up', async () => 'Added up.');
});

$('try-form').addEventListener('submit', (event) => {
  event.preventDefault();
  attempt(`Asking ${$('try-model').value}`, tryOne);
});
