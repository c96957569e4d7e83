// SPDX-License-Identifier: Apache-2.0
// Drives the official OpenAI SDK: a question (JSON) a line in, an answer (JSON) a line out.
import { createInterface } from 'node:readline';
import OpenAI, * as errors from 'openai';

const client = ({ key, timeout }) =>
  new OpenAI({
    baseURL: process.env.BASE_URL,
    apiKey: key ?? process.env.API_KEY,
    timeout: timeout ?? 60_000,
    maxRetries: 0,
  });

const chatRequest = ({ model, text, max_tokens, messages, stream_options }) => ({
  model,
  messages: messages ?? [{ role: 'user', content: text ?? 'hi' }],
  ...(max_tokens ? { max_tokens } : {}),
  ...(stream_options ? { stream_options } : {}),
});

const operations = {
  async chat(question) {
    const { data, request_id } = await client(question)
      .chat.completions.create(chatRequest(question))
      .withResponse();
    return { ...data, request_id };
  },

  async stream(question) {
    const stream = await client(question).chat.completions.create({ ...chatRequest(question), stream: true });
    const seen = { chunks: 0, content: '', finish: null, usage: null };
    try {
      for await (const chunk of stream) {
        seen.chunks++;
        seen.content += chunk.choices[0]?.delta?.content ?? '';
        seen.finish = chunk.choices[0]?.finish_reason ?? seen.finish;
        seen.usage = chunk.usage ?? seen.usage;
      }
      return seen;
    } catch (error) {
      return { ...seen, ...describe(error) };
    }
  },

  /** Asks with tools, answers the calls, and asks again. */
  async toolLoop({ model, tools, key }) {
    const messages = [{ role: 'user', content: 'weather?' }];
    const first = await client({ key }).chat.completions.create({ model, tools, messages });
    const asked = first.choices[0].message;
    const results = asked.tool_calls.map((call) => ({
      role: 'tool',
      tool_call_id: call.id,
      content: `${call.function.name} of ${JSON.parse(call.function.arguments).city}`,
    }));
    const second = await client({ key }).chat.completions.create({ model, tools, messages: [...messages, asked, ...results] });
    return { first, second };
  },

  async respond({ do: _, key, ...asked }) {
    const answer = await client({ key }).responses.create({ input: 'hi', ...asked });
    return { ...answer, output_text: answer.output_text };
  },

  async respondStream({ do: _, key, ...asked }) {
    const seen = { events: [], numbers: [] };
    try {
      const stream = client({ key }).responses.stream({ input: 'hi', ...asked });
      for await (const event of stream) {
        seen.events.push(event.type);
        seen.numbers.push(event.sequence_number);
      }
      const response = await stream.finalResponse();
      return { ...seen, response, output_text: response.output_text };
    } catch (error) {
      return { ...seen, ...describe(error) };
    }
  },

  /** Asks with functions, answers the calls, and asks again with all items as they came. */
  async respondTools({ do: _, key, ...asked }) {
    const input = [{ role: 'user', content: 'weather?' }];
    const first = await client({ key }).responses.create({ ...asked, input });
    const results = first.output
      .filter((item) => item.type === 'function_call')
      .map((call) => ({
        type: 'function_call_output',
        call_id: call.call_id,
        output: `${call.name} of ${JSON.parse(call.arguments).city}`,
      }));
    const second = await client({ key }).responses.create({ ...asked, input: [...input, ...first.output, ...results] });
    return { first, second, output_text: second.output_text };
  },

  /** Asks twice, and gives the first answer back as it came. */
  async respondTwice({ do: _, key, ...asked }) {
    const input = [{ role: 'user', content: 'hi' }];
    const first = await client({ key }).responses.create({ ...asked, input });
    const second = await client({ key }).responses.create({
      ...asked,
      input: [...input, ...first.output, { role: 'user', content: 'again' }],
    });
    return { first, second, output_text: second.output_text };
  },

  /** Leaves a stream after some chunks; the process and its connections live on. */
  async abort(question) {
    const controller = new AbortController();
    const stream = await client(question).chat.completions.create(
      { ...chatRequest(question), stream: true },
      { signal: controller.signal },
    );
    let chunks = 0;
    for await (const _ of stream) {
      if (++chunks === question.after) {
        controller.abort();
        break;
      }
    }
    return { chunks, aborted: controller.signal.aborted };
  },

  async models(question) {
    const ids = [];
    for await (const model of client(question).models.list()) {
      ids.push(model.id);
    }
    return { ids };
  },

  async model(question) {
    return client(question).models.retrieve(question.model);
  },

  async embeddings(question) {
    const { model, input, encoding_format } = question;
    const answer = await client(question).embeddings.create({
      model,
      input,
      ...(encoding_format ? { encoding_format } : {}),
    });
    if (encoding_format === 'base64') {
      // asked for by name it is not decoded
      return { packed: answer.data[0].embedding, usage: answer.usage };
    }
    return {
      count: answer.data.length,
      length: answer.data[0].embedding.length,
      first: Array.from(answer.data[0].embedding.slice(0, 2)),
      // of unit vectors: their cosine
      similar: answer.data.map((item) =>
        item.embedding.reduce((sum, x, i) => sum + x * answer.data[0].embedding[i], 0),
      ),
      usage: answer.usage,
    };
  },
};

function describe(error) {
  return {
    error: Object.keys(errors).find((name) => errors[name] === error?.constructor) ?? String(error?.constructor?.name),
    status: error?.status ?? null,
    code: error?.code ?? null,
    type: error?.type ?? null,
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
