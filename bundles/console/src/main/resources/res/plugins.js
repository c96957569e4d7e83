// SPDX-License-Identifier: Apache-2.0
// The page of plugins: shows what plugins.json says every second, and asks for changes.
import { $, button, clock, complain, h, oneAtATime, onClick, short, show, state, table, time, when } from './elements.js';

const root = document.body.dataset.root;
let overview = { available: true, plugins: [], types: [], folder: 'plugins', largest: Infinity };
let open = '';
let ticket = '';
let timer = 0;

// --- what is shown ---
function plugins() {
  if (!overview.available) {
    return show('plugins', h('p', {}, 'The module that deploys plugins is not running now; this page goes on when it comes back.'));
  }
  if (overview.plugins.length === 0) {
    return show('plugins', h('p', {}, 'There are no plugins yet. Copy a JAR into ', h('code', {}, overview.folder),
      ', or drop it on this page: within seconds it appears here, as ', state('ACTIVE'), ' or with what it lacks.'));
  }
  return show('plugins', table('Installed plugins',
    ['Plugin', 'Version', 'State', 'Since', 'In flight', 'Workers', 'File', 'SHA-256', 'Reason'],
    overview.plugins.map((p) => {
      const name = p.id || p.file;
      return h('tr', { class: name === open ? 'open' : false },
        h('td', {}, h('button', { type: 'button', class: 'link', 'data-do': 'open', 'data-id': name,
          'aria-expanded': String(name === open), 'aria-controls': 'detail' }, name)),
        h('td', {}, p.version), h('td', {}, state(p.state)), h('td', {}, when(p.since)),
        h('td', { class: 'number' }, p.in_flight), h('td', { class: 'number' }, p.workers.length),
        h('td', {}, p.file), h('td', {}, short(p.sha256)), h('td', { class: 'reason' }, p.reason));
    })));
}

function detail() {
  const p = overview.plugins.find((plugin) => (plugin.id || plugin.file) === open);
  $('detail').hidden = open === '';
  if (open === '') return undefined;
  $('detail-title').textContent = open;
  if (!p) return show('detail-body', h('p', {}, 'It is gone.'));
  const canary = p.versions.find((version) => version.state === 'CANARY');
  const draining = p.state === 'DRAINING' || p.versions.some((version) => version.state === 'DRAINING');
  return show('detail-body',
    h('p', {}, state(p.state), ' since ', when(p.since), `, ${p.in_flight} calls in flight`, draining ? ', of which some may end on a version that leaves.' : '.'),
    p.reason ? h('pre', { tabindex: '0', 'aria-label': 'Reason' }, p.reason) : '',
    p.id ? '' : h('p', {}, 'This file is no plugin: mend it, or delete it from ', h('code', {}, overview.folder), '.'),
    h('p', { class: 'actions' }, canary ? [button('Give 50 %', 'share', { id: p.id, percent: 50 }),
      button('Make active', 'share', { id: p.id, percent: 100 }), button('End trial', 'end-trial', { id: p.id })] : '',
    p.id && p.state !== 'DRAINING' ? button('Remove…', 'remove', { id: p.id }, 'danger') : ''),
    p.versions.length === 0 ? '' : [h('h3', {}, 'Versions'),
      table('Versions', ['Version', 'State', 'Since', 'SHA-256', 'Class loader', 'Reason', 'Action'], p.versions.map((v) => h('tr', {},
        h('td', {}, v.version), h('td', {}, state(v.state)), h('td', {}, when(v.since)), h('td', {}, short(v.sha256)),
        h('td', {}, v.release), h('td', { class: 'reason' }, v.reason),
        h('td', {}, (v.state === 'KEPT' || v.state === 'STANDBY') && v.sha256 !== p.sha256
          ? button(`Roll back to ${v.version}`, 'rollback', { id: p.id, version: v.sha256 }) : ''))))],
    p.steps.length === 0 ? '' : [h('h3', {}, 'Last change'),
      h('ol', { class: 'steps' }, p.steps.map((step) => h('li', {}, clock(step.at), ` ${step.text}`)))]);
}

function workers() {
  show('workers', overview.types.length === 0 ? h('p', {}, 'There are no workers.')
    : h('ul', { class: 'tree' }, overview.types.map((type) => h('li', {}, h('code', {}, type.type),
      h('ol', {}, type.workers.map((worker) => h('li', {}, h('code', {}, worker.instance), ' ', state(worker.state),
        h('span', { class: 'soft' }, ` priority ${worker.priority}, from ${worker.origin}, ${worker.in_flight} in flight`),
        worker.reason ? [h('br', {}), worker.reason] : '')))))));
}

const render = () => [plugins, detail, workers].forEach((part) => part());

// --- talking with the server ---
async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(root + path, { credentials: 'same-origin', cache: 'no-store', ...options });
  } catch {
    throw new Error('The server does not answer. What became of the request is not known; the table will show it.');
  }
  const body = (response.headers.get('Content-Type') ?? '').startsWith('application/json') ? await response.json() : {};
  if (response.status === 401) {
    throw new Error('The session has ended: reload this page and sign in again.');
  }
  if (!response.ok) {
    throw new Error(body.detail ? `${body.detail}\n(${body.code})` : `The server answered ${response.status} without a reason.`);
  }
  return body;
}

const post = (action, request) =>
  ask(`/${action}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(request) });

async function poll() {
  clearTimeout(timer);
  if (!document.hidden) {
    try {
      overview = await ask('.json', { headers: { 'X-HyperSpot-Background': '1' } });
      $('connection').hidden = true;
      render();
    } catch (error) {
      $('connection').hidden = false;
      $('connection').textContent = `What you see may be old. ${error.message}`;
    }
  }
  clearTimeout(timer);
  timer = setTimeout(poll, 1000);
}

const attempt = oneAtATime(poll);

// --- actions ---
function closePreflight() {
  ticket = '';
  $('preflight').hidden = true;
  $('file').value = '';
}

const upload = (file) => attempt(`Checking ${file.name}`, async () => {
  if (file.size > overview.largest) {
    throw new Error(`it has ${file.size} bytes; ${overview.largest} is the most here. Copy it into ${overview.folder} instead.`);
  }
  if (ticket) await post('cancel', { ticket });
  closePreflight();
  const report = await ask('/upload', { method: 'POST', headers: { 'Content-Type': 'application/java-archive' }, body: file });
  ticket = report.ticket ?? '';
  $('preflight-title').textContent = `Preflight of ${file.name}`;
  $('report').textContent = report.text;
  $('install').hidden = !report.accepted;
  $('install').textContent = report.replaces ? `Install and replace ${report.replaces}` : 'Install';
  $('try').hidden = !report.accepted || !report.replaces;
  $('cancel').textContent = report.accepted ? 'Cancel' : 'Close';
  $('preflight').hidden = false;
  $('preflight-title').focus();
  return report.accepted ? 'Checked; nothing has changed yet.' : 'Checked; it cannot be installed as it is.';
});

function confirmRemoval(id) {
  const p = overview.plugins.find((plugin) => plugin.id === id);
  if (!p) return;
  $('confirm-title').textContent = `Remove ${id}?`;
  $('confirm-text').textContent = `Its ${p.in_flight} calls in flight end first; new requests for its ${p.workers.length} workers are refused`
    + ` from now on:\n${p.workers.map((worker) => worker.instance).join('\n') || 'none'}\n\nIts file ${p.file || ''} is deleted from ${overview.folder},`
    + ' and its kept versions are forgotten: there is no way back except by installing it again. Other modules that restart: 0.';
  $('confirm-yes').onclick = () => {
    $('confirm').close();
    attempt(`Removing ${id}`, async () => (await post('remove', { id })).message);
  };
  $('confirm-no').onclick = () => $('confirm').close();
  $('confirm').showModal();
}

async function copyDiagnosis() {
  try {
    await navigator.clipboard.writeText($('diagnosis').textContent);
    $('progress').textContent = 'The diagnosis is copied.';
  } catch {
    // no clipboard without TLS: select it, so that one key copies it
    getSelection().selectAllChildren($('diagnosis'));
    $('progress').textContent = 'The diagnosis is selected; press Ctrl+C to copy it.';
  }
}

const simple = (title, action, request) => attempt(title, async () => (await post(action, request)).message);

const actions = {
  open({ id }) {
    open = id === open ? '' : id;
    $('diagnosis').hidden = $('copy').hidden = true;
    render();
    if (open) $('detail-title').focus();
  },
  close: () => actions.open({ id: open }),
  install: ({ percent }) => attempt(Number(percent) === 100 ? 'Installing' : `Installing, with ${percent} %`, async () => {
    const given = ticket;
    ticket = '';
    try {
      return (await post('install', { ticket: given, percent: Number(percent) })).message;
    } finally {
      closePreflight();
    }
  }),
  async cancel() {
    const given = ticket;
    closePreflight();
    $('file').focus();
    if (given) await simple('Cancelling', 'cancel', { ticket: given });
  },
  share: ({ id, percent }) => simple(`Giving ${percent} % of ${id} to the version on trial`, 'share', { id, percent: Number(percent) }),
  'end-trial': ({ id }) => simple(`Ending the trial of ${id}`, 'end-trial', { id }),
  rollback: ({ id, version }, target) => simple(`${target.textContent}, ${id}`, 'rollback', { id, version }),
  remove: ({ id }) => confirmRemoval(id),
  diagnose: () => attempt('Asking for the diagnosis', async () => {
    $('diagnosis').textContent = (await ask(`/diagnosis?id=${encodeURIComponent(open)}`)).text;
    $('diagnosis').hidden = $('copy').hidden = false;
  }),
  copy: copyDiagnosis,
};

onClick(actions);
$('file').addEventListener('change', () => $('file').files.length > 0 && upload($('file').files[0]));
$('explain').addEventListener('submit', (event) => {
  event.preventDefault();
  attempt('Explaining the selection', async () => {
    const { text } = await ask(`/explain?tenant=${encodeURIComponent($('tenant').value.trim())}`);
    $('explanation').textContent = `As of ${time(new Date())}. ${text}`;
    $('explanation').hidden = false;
  });
});
// a file dropped beside the mark must not replace the page
for (const type of ['dragover', 'dragleave', 'drop']) {
  document.addEventListener(type, (event) => {
    event.preventDefault();
    $('drop').classList.toggle('over', type === 'dragover');
    const files = type === 'drop' ? [...event.dataTransfer.files] : [];
    if (files.length > 1) complain('Dropping files', new Error('drop one JAR at a time'));
    else if (files.length === 1) upload(files[0]);
  });
}
document.addEventListener('visibilitychange', () => document.hidden || poll());
poll();
