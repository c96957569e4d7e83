// SPDX-License-Identifier: Apache-2.0
// Drives a headless Chromium: a question (JSON) a line in, an answer (JSON) a line out.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const base = process.env.BASE_URL;
const profile = await mkdtemp(join(tmpdir(), 'hyperspot-chromium'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM,
  headless: true,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const page = context.pages()[0] ?? (await context.newPage());
page.setDefaultTimeout(30_000);

// what a page asks of other hosts, and what it complains about
const foreign = [];
const complaints = [];
page.on('request', (request) => {
  if (!request.url().startsWith(base) && !request.url().startsWith('data:')) {
    foreign.push(request.url());
  }
});
page.on('pageerror', (error) => complaints.push(String(error)));
page.on('console', (message) => {
  if (message.type() === 'error' && /Content Security Policy|Refused/.test(message.text())) {
    complaints.push(message.text());
  }
});

const operations = {
  async open({ path }) {
    const response = await page.goto(base + path, { waitUntil: 'load' });
    return { status: response.status(), url: page.url() };
  },

  async sign_in({ token }) {
    await page.fill('input[name=admin_token]', token);
    await Promise.all([page.waitForNavigation(), page.click('button[type=submit]')]);
    return { url: page.url() };
  },

  async forget() {
    await context.clearCookies();
    return {};
  },

  async text({ selector }) {
    const element = page.locator(selector ?? 'body').first();
    await element.waitFor();
    return { title: await page.title(), text: await element.innerText() };
  },

  async rows({ selector }) {
    await page.locator(selector).first().waitFor();
    return { rows: await page.locator(selector).allInnerTexts() };
  },

  async count({ selector }) {
    return { count: await page.locator(selector).count() };
  },

  async click({ selector }) {
    await page.locator(selector).first().click();
    return {};
  },

  /** Scrolls down until an element is there, on a page that has only what is in view. */
  async scroll_to({ selector }) {
    const deadline = Date.now() + 30_000;
    while ((await page.locator(selector).count()) === 0) {
      if (Date.now() > deadline) {
        throw new Error(`nothing on the page is ${selector}`);
      }
      await page.mouse.wheel(0, 500);
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    }
    return {};
  },

  /** Waits until an element is there that is seen. */
  async see({ selector }) {
    const element = page.locator(selector).first();
    await element.waitFor();
    return { text: await element.innerText() };
  },

  /** Waits until an element is gone or hidden. */
  async miss({ selector }) {
    await page.locator(selector).first().waitFor({ state: 'hidden' });
    return {};
  },

  async choose({ selector, file }) {
    await page.locator(selector).setInputFiles(file);
    return {};
  },

  /** Drops a file as a mouse does. */
  async drop({ selector, file }) {
    const content = (await readFile(file)).toString('base64');
    const data = await page.evaluateHandle(
      ({ content, name }) => {
        const transfer = new DataTransfer();
        const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type: 'application/java-archive' }));
        return transfer;
      },
      { content, name: basename(file) },
    );
    await page.dispatchEvent(selector, 'drop', { dataTransfer: data });
    return {};
  },

  async fill({ selector, text }) {
    await page.locator(selector).fill(text);
    return {};
  },

  async select({ selector, label }) {
    await page.locator(selector).selectOption({ label });
    return {};
  },

  async press({ key }) {
    await page.keyboard.press(key);
    return {};
  },

  /** What has the focus now. */
  async focused() {
    return { text: await page.evaluate(() => document.activeElement?.textContent ?? '') };
  },

  async findings() {
    return { foreign, complaints };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  if (question.do === 'end') {
    break;
  }
  let answer;
  try {
    answer = await operations[question.do](question);
  } catch (error) {
    answer = { error: String(error?.message) };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
await context.close();
await rm(profile, { recursive: true, force: true });
process.stdout.write('{"ended":true}\n');
