// Asks Comunica what it is told on standard input: a line of JSON with `query` and `sources` for
// each question. It answers in a line with `answer` or `error`, and `requests`: for each request
// its method, its address, the query in it and the status of the answer.

import { createInterface } from 'node:readline';
import { QueryEngine } from '@comunica/query-sparql';

const engine = new QueryEngine();
const triples = 'application/n-triples';
const results = 'application/sparql-results+json';

function trace(requests) {
  return async (input, init) => {
    const address = new URL(input);
    const query = (init?.body ?? address.searchParams).get('query');
    const response = await fetch(input, init);
    const { origin, pathname } = address;
    requests.push([init?.method ?? 'GET', `${origin}${pathname}`, query, response.status]);
    return response;
  };
}

async function ask(query, sources, requests) {
  const result = await engine.query(query, { sources, fetch: trace(requests) });
  const type = result.resultType === 'quads' ? triples : results;
  const { data } = await engine.resultToString(result, type);
  let answer = '';
  for await (const part of data) {
    answer += part;
  }
  return answer;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { query, sources } = JSON.parse(line);
  const requests = [];
  let said;
  try {
    said = { answer: await ask(query, sources, requests) };
  } catch (error) {
    said = { error: error.message };
  }
  process.stdout.write(`${JSON.stringify({ ...said, requests })}\n`);
}
