// SPDX-License-Identifier: Apache-2.0
// The page of tenants, keys, roles and audit. It asks the REST API with the caller's own key, which never leaves this page's memory.
import { ask, forgetKey, onKey, query, signedIn } from './api.js';
import { $, button, complain, h, oneAtATime, onClick, show, state, table, when } from './elements.js';

const PAGE = 50;
const lists = { tenants: {}, keys: {}, roles: {}, bindings: {}, audit: {} };

const paths = {
  tenants: () => '/tenant-resolver/v1/tenants?',
  keys: () => '/security/v1/api-keys?',
  roles: () => '/authz/v1/roles?',
  bindings: () => '/authz/v1/bindings?',
  audit: () => `/audit/v1/events?${query({
    action: $('audit-action').value.trim(), actor: $('audit-actor').value.trim(), outcome: $('audit-outcome').value })}&`,
};

/** Reads the first page of a list, or the one after what is shown. A refusal is shown in the list's place. */
async function load(name, further = false) {
  const list = lists[name];
  try {
    const page = await ask('GET', paths[name]() + query({ $top: PAGE, $skiptoken: further ? list.next : undefined }));
    list.items = further ? [...list.items, ...page.items] : page.items;
    list.next = page.page_info?.next_cursor;
    list.trouble = '';
  } catch (error) {
    if (further) throw error;
    Object.assign(list, { items: [], next: undefined, trouble: error.message });
  }
  render[name]();
}

// --- what is shown ---
function rows(name, caption, columns, row) {
  const { items = [], next, trouble } = lists[name];
  if (trouble) return show(name, h('p', { class: 'reason' }, trouble));
  if (items.length === 0) return show(name, h('p', {}, 'There are none.'));
  return show(name, table(caption, columns, items.map(row)),
    next ? h('p', { class: 'actions' }, button('Show more', 'more', { list: name })) : '');
}

const cells = (...content) => h('tr', {}, content.map((each) => h('td', {}, each)));
const code = (text) => h('code', {}, text ?? '');
const lines = (texts = []) => texts.flatMap((text, i) => (i === 0 ? [code(text)] : [h('br', {}), code(text)]));

const roleName = (id) => lists.roles.items?.find((role) => role.id === id)?.name ?? id;

const render = {
  tenants: () => rows('tenants', 'Tenants', ['Name', 'Id', 'Below', 'Type', 'Status', 'Since', 'Action'], (t) =>
    cells(h('span', {}, t.name, t.self_managed ? ' (self-managed)' : ''), code(t.id), code(t.parent_id), code(t.type), state(t.status), when(t.created_at),
      t.status === 'active' ? button('Suspend…', 'suspend', { id: t.id, name: t.name }, 'danger') : button('Resume', 'resume', { id: t.id, name: t.name }))),

  keys: () => rows('keys', 'API keys', ['Name', 'Begins with', 'Scopes', 'Made', 'Ends', 'State', 'Action'], (k) =>
    cells(k.name, code(k.prefix), h('span', {}, lines(k.scopes)), when(k.created_at), k.expires_at ? when(k.expires_at) : 'never',
      state(k.revoked_at ? 'revoked' : 'valid'), k.revoked_at ? '' : button('Revoke…', 'revoke', { id: k.id, name: k.name }, 'danger'))),

  roles() {
    rows('roles', 'Roles', ['Name', 'Permissions', 'Includes', 'Description', 'Action'], (r) =>
      cells(r.name, h('span', {}, lines(r.permissions)), (r.parents ?? []).join(', '), r.description ?? '',
        r.built_in ? 'built in' : button('Delete…', 'delete-role', { id: r.id, name: r.name }, 'danger')));
    $('binding-role').replaceChildren(...(lists.roles.items ?? []).map((r) => h('option', { value: r.id }, r.name)));
  },

  bindings: () => rows('bindings', 'Who has which role', ['Who', 'Role', 'For', 'Until', 'Action'], (b) =>
    cells(code(b.principal), roleName(b.role), b.resource_type ? code(`${b.resource_type} ${b.resource_id ?? ''}`) : 'everything of the tenant',
      b.expires_at ? when(b.expires_at) : '', button('Take away…', 'unbind', { id: b.id, who: b.principal, role: roleName(b.role) }, 'danger'))),

  audit: () => rows('audit', 'Audit trail', ['No.', 'When', 'Who', 'Action', 'What', 'Outcome', 'Details'], (e) =>
    cells(e.seq, when(e.at), code(e.actor), code(e.action), code(e.target), state(e.outcome),
      h('span', {}, lines(Object.entries(e.details ?? {}).map(([name, value]) => `${name}=${value}`))))),
};

async function loadAll() {
  await Promise.all(Object.keys(lists).map((name) => load(name)));
  // the names of roles may have come after those who have them
  render.bindings();
}

// --- actions ---
const attempt = oneAtATime(() => (signedIn() ? loadAll() : undefined));

function confirm(title, text, action) {
  $('confirm-title').textContent = title;
  $('confirm-text').textContent = text;
  $('confirm-yes').onclick = () => {
    $('confirm').close();
    action();
  };
  $('confirm-no').onclick = () => $('confirm').close();
  $('confirm').showModal();
}

function forget() {
  $('made').replaceChildren();
  for (const name of Object.keys(lists)) {
    lists[name] = {};
    $(name).replaceChildren();
  }
  $('verification').textContent = '';
  forgetKey();
}

onClick({
  forget,
  more: ({ list }) => load(list, true).catch((error) => complain('Showing more', error)),
  suspend: ({ id, name }) => confirm(`Suspend ${name}?`, 'From the next request on nobody of it, or of a tenant below it, is let in. Its data stays.',
    () => attempt(`Suspending ${name}`, async () => `${(await ask('POST', `/tenant-resolver/v1/tenants/${id}/suspend`)).name} is suspended.`)),
  resume: ({ id, name }) => attempt(`Resuming ${name}`, async () => `${(await ask('POST', `/tenant-resolver/v1/tenants/${id}/resume`)).name} is active.`),
  revoke: ({ id, name }) => confirm(`Revoke ${name}?`, 'Programs that use this key are refused from their next request on. There is no way back.',
    () => attempt(`Revoking ${name}`, async () => {
      await ask('DELETE', `/security/v1/api-keys/${id}`);
      return `${name} is revoked.`;
    })),
  'delete-role': ({ id, name }) => confirm(`Delete the role ${name}?`, 'Whoever has it loses what it permits.',
    () => attempt(`Deleting ${name}`, async () => {
      await ask('DELETE', `/authz/v1/roles/${id}`);
      return `${name} is deleted.`;
    })),
  unbind: ({ id, who, role }) => confirm(`Take ${role} away from ${who}?`, 'In force from the next request on.',
    () => attempt(`Taking ${role} away`, async () => {
      await ask('DELETE', `/authz/v1/bindings/${id}`);
      return `${who} does not have the role ${role} any more.`;
    })),
  verify: () => attempt('Verifying the audit trail', async () => {
    const { intact, records, findings } = await ask('GET', '/audit/v1/verification');
    $('verification').textContent = intact ? `The chain of ${records} records is whole.`
      : `The trail was changed: ${findings.map((finding) => finding.detail).join('; ')}`;
  }),
});

function onSubmit(form, title, action) {
  $(form).addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(title(), async () => {
      const said = await action();
      $(form).reset();
      return said;
    });
  });
}

const words = (id) => $(id).value.split(/\s+/).filter((word) => word !== '');

onKey(attempt);

onSubmit('tenant-form', () => `Creating the tenant ${$('tenant-name').value}`, async () => {
  const made = await ask('POST', '/tenant-resolver/v1/tenants', {
    name: $('tenant-name').value, parent_id: $('tenant-parent').value.trim() || undefined, self_managed: $('tenant-self-managed').checked });
  return `${made.name} has the id ${made.id}.`;
});

onSubmit('new-key-form', () => `Creating the key ${$('key-name').value}`, async () => {
  const made = await ask('POST', '/security/v1/api-keys', { name: $('key-name').value, scopes: words('key-scopes') });
  $('made').replaceChildren(h('p', {}, `The key ${made.name} is shown this once:`), h('pre', { tabindex: '0', 'aria-label': 'New key' }, made.secret));
  return `${made.name} is there.`;
});

onSubmit('role-form', () => `Creating the role ${$('role-name').value}`, async () => {
  const made = await ask('POST', '/authz/v1/roles', { name: $('role-name').value, permissions: words('role-permissions') });
  return `${made.name} is there.`;
});

onSubmit('binding-form', () => `Giving ${roleName($('binding-role').value)}`, async () => {
  const made = await ask('POST', '/authz/v1/bindings', { principal: $('principal').value.trim(), role: $('binding-role').value });
  return `${made.principal} has the role.`;
});

$('audit-form').addEventListener('submit', (event) => {
  event.preventDefault();
  load('audit');
});
