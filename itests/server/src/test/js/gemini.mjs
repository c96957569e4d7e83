// SPDX-License-Identifier: Apache-2.0
// Drives Google's official Gemini SDK: a question (JSON) a line in, an answer (JSON) a line out.
import { createInterface } from 'node:readline';
import { ApiError, GoogleGenAI } from '@google/genai';

const client = ({ key }) =>
  new GoogleGenAI({
    apiKey: key ?? process.env.API_KEY,
    httpOptions: { baseUrl: process.env.BASE_URL, timeout: 60_000 },
  });

const request = ({ model, text, contents, config }) => ({ model, contents: contents ?? text ?? 'hi', config });

const plain = (value) => JSON.parse(JSON.stringify(value));

const operations = {
  async generate(question) {
    const answer = await client(question).models.generateContent(request(question));
    return { ...plain(answer), text: answer.text };
  },

  async stream(question) {
    const seen = { pieces: 0, text: '', finish: null, usage: null };
    try {
      const stream = await client(question).models.generateContentStream(request(question));
      for await (const piece of stream) {
        seen.pieces++;
        seen.text += piece.text ?? '';
        seen.finish = piece.candidates?.[0]?.finishReason ?? seen.finish;
        seen.usage = piece.usageMetadata ?? seen.usage;
      }
      return seen;
    } catch (error) {
      return { ...seen, ...describe(error) };
    }
  },

  /** Leaves a stream after some pieces; the process and its connections live on. */
  async abort(question) {
    const controller = new AbortController();
    const asked = request(question);
    const stream = await client(question).models.generateContentStream({
      ...asked,
      config: { ...asked.config, abortSignal: controller.signal },
    });
    let pieces = 0;
    try {
      for await (const _ of stream) {
        if (++pieces === question.after) {
          controller.abort();
        }
      }
    } catch (error) {
      if (error.name !== 'AbortError') throw error;
    }
    return { pieces, aborted: controller.signal.aborted };
  },

  /** A chat in which two functions answer at once; the SDK keeps the history, signatures and all. */
  async toolLoop(question) {
    const chat = client(question).chats.create({ model: question.model, config: question.config });
    const first = await chat.sendMessage({ message: 'weather?' });
    const results = first.functionCalls.map((call, index) => ({
      functionResponse: {
        id: call.id,
        name: call.name,
        response: index === 1 ? { error: `${call.name} of ${call.args.city}` } : { output: `${call.name} of ${call.args.city}` },
      },
    }));
    const second = await chat.sendMessage({ message: results });
    return { first: plain(first), second: plain(second), text: second.text };
  },

  /** Asks twice in one chat, so that the first answer goes back as it came. */
  async twice(question) {
    const chat = client(question).chats.create({ model: question.model, config: question.config });
    const first = await chat.sendMessage({ message: 'hi' });
    const second = await chat.sendMessage({ message: 'again' });
    return { first: plain(first), second: plain(second), text: second.text };
  },

  async count(question) {
    return plain(await client(question).models.countTokens(request(question)));
  },

  async embed(question) {
    return plain(await client(question).models.embedContent(request(question)));
  },

  async models(question) {
    const names = [];
    for await (const model of await client(question).models.list({ config: { pageSize: 1 } })) {
      names.push(model.name);
    }
    return { names };
  },

  async model(question) {
    return plain(await client(question).models.get({ model: question.model }));
  },
};

function describe(error) {
  let body = null;
  try {
    body = JSON.parse(error.message).error;
  } catch {
    // the SDK adds words of its own to errors within streams
    const json = /\{.*\}$/s.exec(String(error?.message));
    body = json ? JSON.parse(json[0]).error : null;
  }
  return {
    error: error instanceof ApiError ? 'ApiError' : String(error?.constructor?.name),
    status: error?.status ?? null,
    code: body?.status ?? null,
    message: body?.message ?? String(error?.message),
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
