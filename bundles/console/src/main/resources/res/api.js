// SPDX-License-Identifier: Apache-2.0
// How pages ask the REST API: with the caller's own key, which never leaves the page's memory.
import { $, h } from './elements.js';

let key = '';

export const signedIn = () => key !== '';

/** Sends a request; an answer that is an error is thrown with its reason. */
export async function send(method, path, body, signal) {
  const headers = { Authorization: `Bearer ${key}`, Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response;
  try {
    response = await fetch(path, { method, headers, credentials: 'omit', cache: 'no-store', signal, body: body && JSON.stringify(body) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Error('The server does not answer. What became of the request is not known; the table will show it.');
  }
  if (response.ok) return response;
  const json = await read(response);
  const detail = json.detail ?? json.error?.message;
  const code = json.code ?? json.error?.code;
  const reason = detail ? `${detail}\n(${code})` : `The server answered ${response.status} without a reason.`;
  throw Object.assign(new Error(reason), { status: response.status });
}

const read = async (response) => ((response.headers.get('Content-Type') ?? '').includes('json') ? response.json() : {});

export const ask = async (method, path, body) => read(await send(method, path, body));

export const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value !== '' && value !== undefined)).toString();

/** Takes the key from its form, and shows the page's parts to whom it belongs. */
export function onKey(attempt) {
  $('key-form').addEventListener('submit', (event) => {
    event.preventDefault();
    attempt('Asking who that is', async () => {
      key = $('key').value.trim();
      $('key').value = '';
      try {
        const caller = await ask('GET', '/auth/v1/session');
        $('caller-text').replaceChildren(h('code', {}, caller.subject), ' of the tenant ', h('code', {}, caller.tenant));
      } catch (error) {
        if (error.status !== 403) {
          key = '';
          throw error;
        }
        $('caller-text').textContent = 'Whose key this is it may not ask.';
      }
      $('signin').hidden = true;
      $('caller').hidden = $('parts').hidden = false;
      $('caller-title').focus();
    });
  });
}

export function forgetKey() {
  key = '';
  $('caller').hidden = $('parts').hidden = true;
  $('signin').hidden = false;
  $('key').focus();
}
