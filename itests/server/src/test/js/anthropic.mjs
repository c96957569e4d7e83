// SPDX-License-Identifier: Apache-2.0
// Drives the official Anthropic SDK: a question (JSON) a line in, an answer (JSON) a line out.
import { createInterface } from 'node:readline';
import Anthropic, * as errors from '@anthropic-ai/sdk';

const client = ({ key }) =>
  new Anthropic({
    baseURL: process.env.BASE_URL,
    apiKey: key ?? process.env.API_KEY,
    timeout: 60_000,
    maxRetries: 0,
  });

const request = ({ model, text, messages, ...more }) => {
  const { do: _, key, after, ...rest } = more;
  return { model, max_tokens: 2048, messages: messages ?? [{ role: 'user', content: text ?? 'hi' }], ...rest };
};

const operations = {
  async message(question) {
    const { data, request_id } = await client(question).messages.create(request(question)).withResponse();
    return { ...data, request_id };
  },

  async stream(question) {
    const seen = { events: [] };
    const stream = client(question).messages.stream(request(question));
    stream.on('streamEvent', (event) => seen.events.push(event.type));
    try {
      return { ...seen, message: await stream.finalMessage() };
    } catch (error) {
      return { ...seen, ...describe(error) };
    }
  },

  /** Leaves a stream after some events; the process and its connections live on. */
  async abort(question) {
    const stream = await client(question).messages.create({ ...request(question), stream: true });
    let events = 0;
    for await (const _ of stream) {
      if (++events === question.after) {
        stream.controller.abort();
        break;
      }
    }
    return { events, aborted: stream.controller.signal.aborted };
  },

  /** Asks, lets two tools answer, and asks again with what they gave. */
  async toolLoop(question) {
    const asked = request(question);
    const first = await client(question).messages.stream(asked).finalMessage();
    const results = first.content
      .filter((block) => block.type === 'tool_use')
      .map((use, index) => ({
        type: 'tool_result',
        tool_use_id: use.id,
        content: `${use.name} of ${use.input.city}`,
        ...(index === 1 ? { is_error: true } : {}),
      }));
    const messages = [
      ...asked.messages,
      { role: 'assistant', content: first.content },
      { role: 'user', content: results },
    ];
    const second = await client(question).messages.create({ ...asked, messages });
    return { first, second };
  },

  /** Asks twice, and gives the first answer back as it came. */
  async twice(question) {
    const asked = request(question);
    const first = await client(question).messages.create(asked);
    const messages = [
      ...asked.messages,
      { role: 'assistant', content: first.content },
      { role: 'user', content: 'again' },
    ];
    return { first, second: await client(question).messages.create({ ...asked, messages }) };
  },

  async count(question) {
    const { max_tokens, ...counted } = request(question);
    return client(question).messages.countTokens(counted);
  },

  async models(question) {
    const ids = [];
    for await (const model of client(question).models.list({ limit: 1 })) {
      ids.push(model.id);
    }
    return { ids };
  },

  async model(question) {
    return client(question).models.retrieve(question.model);
  },
};

function describe(error) {
  return {
    error: Object.keys(errors).find((name) => errors[name] === error?.constructor) ?? String(error?.constructor?.name),
    status: error?.status ?? null,
    type: error?.error?.error?.type ?? null,
    message: String(error?.message),
    request_id: error?.requestID ?? null,
    retry_after: error?.headers?.get?.('retry-after') ?? null,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  let answer;
  try {
    answer = await operations[question.do](question);
  } catch (error) {
    answer = describe(error);
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
