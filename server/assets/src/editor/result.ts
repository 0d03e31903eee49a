/** The rows of an answer for charts and pivots: read from TSV as they come, up to a limit. */

/** A value: of an IRI and a literal its text, of a number the number as well. */
export interface Cell {
  text: string;
  number: number | null;
  iri: boolean;
}

export interface Rows {
  columns: string[];
  rows: Cell[][];
  /** Whether there are more than were read. */
  more: boolean;
}

/** So many rows are read; the server stops when nothing reads on. */
const MOST_ROWS = 20_000;
const EMPTY: Cell = { text: "", number: null, iri: false };
const NUMBERS = /#(?:integer|decimal|double|float|gYear|(?:non)?(?:Negative|Positive|negative|positive)Integer|long|int|short|byte|unsigned\w+)$/;

/** Send a query to `address` and read the rows of its answer. */
export async function fetchRows(address: string, parameters: [string, string][], signal: AbortSignal): Promise<Rows> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const body = new URLSearchParams([...parameters, ["format", "tsv"]]);
  const response = await fetch(address, { method: "POST", body, signal: both });
  if (!response.ok || response.body === null) throw new Error(String(response.status));
  const found: Rows = { columns: [], rows: [], more: response.headers.get("Kzgraph-More-Rows") === "true" };
  for await (const line of lines(response.body)) {
    if (found.columns.length === 0) {
      found.columns = line.split("\t").map((name) => name.replace(/^\?/, ""));
    } else if (found.rows.length === MOST_ROWS) {
      found.more = true;
      stop.abort();
      break;
    } else {
      found.rows.push(line.split("\t").map(cell));
    }
  }
  return found;
}

async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const parts = (rest + (done ? decoder.decode() : decoder.decode(value, { stream: true }))).split("\n");
    rest = parts.pop() ?? "";
    yield* parts.map((line) => line.replace(/\r$/, ""));
    if (done) break;
  }
  if (rest !== "") yield rest;
}

/** A term as TSV writes it: https://www.w3.org/TR/sparql11-results-csv-tsv/#tsv-terms */
export function cell(written: string): Cell {
  if (written === "") return EMPTY;
  if (written.startsWith("<")) return { text: written.slice(1, -1), number: null, iri: true };
  const literal = /^(["'])(.*)\1(?:@[\w-]+|\^\^<(.*)>)?$/s.exec(written);
  if (literal !== null) {
    const text = literal[2]!.replace(/\\(.)/g, (_, each: string) => ESCAPES[each] ?? each);
    return { text, number: NUMBERS.test(literal[3] ?? "") ? finite(text) : null, iri: false };
  }
  return { text: written, number: finite(written), iri: false };
}

const ESCAPES: Record<string, string> = { t: "\t", n: "\n", r: "\r" };

function finite(text: string): number | null {
  const value = Number(text);
  return text.trim() !== "" && Number.isFinite(value) ? value : null;
}

/** The columns whose values, as far as there are any, are all numbers. */
export function numericColumns(found: Rows): number[] {
  return found.columns
    .map((_, column) => column)
    .filter((column) => {
      const values = found.rows.map((row) => row[column] ?? EMPTY).filter((each) => each.text !== "");
      return values.length > 0 && values.every((each) => each.number !== null);
    });
}
