/** The pivot of an answer: two columns across each other, and in the cells a sum or a count. */

import { choice, make } from "./elements";
import { type Cell, numericColumns, type Rows } from "./result";
import { number, say } from "./texts";

const MOST_ROWS = 500;
const MOST_COLUMNS = 60;
const COUNT = "";

/** Show the pivot of `found` in `into`, with the choices of its columns. */
export function showPivot(into: HTMLElement, found: Rows, name: (cell: Cell) => string): void {
  if (found.columns.length < 2) {
    into.replaceChildren(make("p", {}, say("pivot_needs_columns")));
    return;
  }
  const numeric = numericColumns(found);
  const groups = found.columns.map((_, each) => each).filter((each) => each !== numeric.at(-1));
  const chosen = {
    down: String(groups[0] ?? 0),
    across: String(groups[1] ?? numeric.at(-1) ?? 1),
    value: numeric.length > 0 && groups.length > 1 ? String(numeric.at(-1)) : COUNT,
  };
  const options = found.columns.map((column, each): [string, string] => [String(each), column]);
  const sums = numeric.map((each): [string, string] => [String(each), say("pivot_sum", { column: found.columns[each]! })]);
  const table = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("pivot") });
  const set = (key: keyof typeof chosen) => (to: string) => {
    chosen[key] = to;
    draw();
  };
  const draw = (): void => {
    table.replaceChildren(...pivot(found, name, +chosen.down, +chosen.across, chosen.value === COUNT ? null : +chosen.value));
  };
  into.replaceChildren(
    make(
      "div",
      { class: "choices" },
      choice(say("pivot_rows"), options, chosen.down, set("down")),
      choice(say("pivot_columns"), options, chosen.across, set("across")),
      choice(say("pivot_cells"), [[COUNT, say("pivot_count")], ...sums], chosen.value, set("value")),
    ),
    table,
  );
  draw();
}

/** Sums are of decimal numbers: rounded to the digits that were added, no digit is made up. */
interface Sum {
  total: number;
  digits: number;
}

function pivot(found: Rows, name: (cell: Cell) => string, down: number, across: number, value: number | null): Node[] {
  const cells = new Map<string, Map<string, Sum>>();
  const columns = new Set<string>();
  for (const row of found.rows) {
    const added = value === null ? 1 : row[value]?.number;
    if (added === null || added === undefined) continue;
    const [one, other] = [name(row[down]!), name(row[across]!)];
    columns.add(other);
    const line = cells.get(one) ?? new Map<string, Sum>();
    cells.set(one, line);
    const before = line.get(other) ?? { total: 0, digits: 0 };
    const digits = value === null ? 0 : (/\.(\d+)$/.exec(row[value]!.text)?.[1]?.length ?? 0);
    line.set(other, { total: before.total + added, digits: Math.max(before.digits, digits) });
  }
  const heads = [...columns].sort(compare).slice(0, MOST_COLUMNS);
  const lines = [...cells.keys()].sort(compare).slice(0, MOST_ROWS);
  const head = make("tr", {}, make("th", { scope: "col" }, found.columns[down]!));
  for (const each of heads) head.append(make("th", { scope: "col", class: "number" }, each));
  const body = make("tbody");
  for (const line of lines) {
    const row = make("tr", {}, make("th", { scope: "row" }, line));
    for (const each of heads) {
      const sum = cells.get(line)?.get(each);
      row.append(make("td", { class: "number" }, sum === undefined ? "" : number(sum.total, Math.min(sum.digits, 20))));
    }
    body.append(row);
  }
  const parts: Node[] = [make("table", { class: "pivot" }, make("thead", {}, head), body)];
  if (lines.length < cells.size || heads.length < columns.size) {
    parts.push(make("p", {}, say("pivot_cut", { rows: lines.length, columns: heads.length })));
  }
  if (found.more) parts.push(make("p", {}, say("first_rows", { rows: found.rows.length })));
  return parts;
}

const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });

function compare(one: string, other: string): number {
  return collator.compare(one, other);
}
