// SPDX-License-Identifier: Apache-2.0
// What the pages of the console are made of. Text is always text, never markup.

export const $ = (id) => document.getElementById(id);

export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== undefined) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat().map((child) => (child instanceof Node ? child : String(child))));
  return element;
}

/** Changes only what differs, so that focus and selection stay; a button never becomes another one under the hand. */
export function morph(old, next) {
  for (const { name } of [...old.attributes]) {
    if (!next.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  const before = [...old.childNodes];
  const after = [...next.childNodes];
  after.forEach((child, i) => {
    const was = before[i];
    if (!was) old.append(child);
    else if (was.nodeName !== child.nodeName || about(was) !== about(child)) was.replaceWith(child);
    else if (was.nodeType !== Node.TEXT_NODE) morph(was, child);
    else if (was.data !== child.data) was.data = child.data;
  });
  before.slice(after.length).forEach((child) => child.remove());
}

export const show = (id, ...children) => morph($(id), h('div', { id }, ...children));
export const state = (text) => h('span', { class: `state ${text}` }, text);
export const when = (instant) => h('time', { datetime: instant, title: instant }, new Date(instant).toLocaleString());
export const time = (date) => date.toLocaleTimeString([], { hour12: false, hour: '2-digit', minute: '2-digit', second: '2-digit',
  fractionalSecondDigits: 3 });
export const clock = (instant) => h('time', { datetime: instant, title: instant }, time(new Date(instant)));
const about = (node) => JSON.stringify({ ...node.dataset });
export const short = (sha256) => h('code', { title: sha256 }, sha256.slice(0, 12));
export const button = (text, what, data = {}, kind = false) =>
  h('button', { type: 'button', class: kind, 'data-do': what,
    ...Object.fromEntries(Object.entries(data).map(([name, value]) => [`data-${name}`, value])) }, text);

export function table(caption, columns, rows) {
  return h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': caption },
    h('table', {}, h('thead', {}, h('tr', {}, columns.map((column) => h('th', { scope: 'col' }, column)))),
      h('tbody', {}, rows)));
}

/** Stays until it is dismissed. */
export function complain(title, error) {
  $('errors').append(h('div', {}, h('pre', {}, `${title}: ${error.message}`), button('Dismiss', 'dismiss')));
  $('errors').scrollIntoView({ block: 'nearest' });
}

/** Runs one action at a time: what an administrator sees must be what the next action is about. */
export function oneAtATime(after) {
  let busy = '';
  return async function attempt(title, action) {
    if (busy) {
      complain(title, new Error(`not begun, because this is still under way: ${busy}`));
      return;
    }
    busy = title;
    $('main').setAttribute('aria-busy', 'true');
    $('progress').textContent = `${title} …`;
    try {
      $('progress').textContent = (await action()) ?? '';
    } catch (error) {
      $('progress').textContent = '';
      complain(title, error);
    }
    busy = '';
    $('main').removeAttribute('aria-busy');
    await after();
  };
}

/** What a button does stands in its data-do. */
export function onClick(actions) {
  const all = { ...actions, dismiss: (data, target) => target.parentElement.remove() };
  document.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target.closest('[data-do]') : null;
    if (target) all[target.dataset.do](target.dataset, target);
  });
}
