/** The chart of an answer: bars, or lines along numbers. Loaded when one is asked for. */

import * as Plot from "@observablehq/plot";
import { choice, make } from "./elements";
import { type Cell, numericColumns, type Rows } from "./result";
import { number, say } from "./texts";

/** So many bars and lines can be told apart. */
const MOST_BARS = 80;
const MOST_LINES = 6;
const ALL = "";
/** Shapes tell lines apart where colours do not. */
const SYMBOLS = ["circle", "square", "triangle", "diamond", "cross", "star"] as const;
const COLOURS = [..."abcdef"].map((letter) => `var(--series-${letter})`);

type Name = (cell: Cell) => string;

/** Draw `found` into `into`, with the choices of what is drawn. */
export function drawChart(into: HTMLElement, found: Rows, name: Name): void {
  const numeric = numericColumns(found);
  if (numeric.length === 0) {
    into.replaceChildren(make("p", {}, say("chart_needs_numbers")));
    return;
  }
  const along = numeric.filter((column) => isYear(found, column));
  const others = numeric.filter((column) => !along.includes(column));
  const value = others.at(-1) ?? numeric.at(-1)!;
  const chosen = {
    kind: along.length > 0 && others.length > 0 ? "line" : "bar",
    value: String(value),
    along: String(along.find((column) => column !== value) ?? numeric.find((column) => column !== value) ?? ALL),
    label: ALL,
  };
  const drawing = make("div", { class: "drawing" });
  const choices = make("div", { class: "choices" });
  into.replaceChildren(choices, drawing);

  const option = (column: number): [string, string] => [String(column), found.columns[column]!];
  const show = (): void => {
    const lines = numeric.length > 1 ? [["line", say("chart_lines")] as [string, string]] : [];
    const set = (key: keyof typeof chosen) => (to: string) => {
      chosen[key] = to;
      show();
    };
    const focused = [...choices.querySelectorAll("select")].findIndex((each) => each === document.activeElement);
    choices.replaceChildren(
      choice(say("chart_kind"), [["bar", say("chart_bars")], ...lines], chosen.kind, set("kind")),
      choice(say("chart_value"), numeric.map(option), chosen.value, set("value")),
      chosen.kind === "line"
        ? choice(say("chart_along"), numeric.filter((each) => String(each) !== chosen.value).map(option), chosen.along, set("along"))
        : choice(say("chart_label"), [[ALL, say("chart_all_columns")], ...found.columns.map((_, each) => option(each))], chosen.label, set("label")),
    );
    choices.querySelectorAll("select")[focused]?.focus();
    draw();
  };
  const draw = (): void => {
    const width = Math.max(280, drawing.clientWidth || 280);
    const parts = chosen.kind === "line" ? lines(found, name, +chosen.value, +chosen.along, width) : bars(found, name, +chosen.value, chosen.label, numeric, width);
    drawing.replaceChildren(...parts);
  };
  show();
  let width = drawing.clientWidth;
  new ResizeObserver(() => {
    if (drawing.clientWidth === width) return;
    width = drawing.clientWidth;
    if (width > 0) draw();
  }).observe(drawing);
}

function isYear(found: Rows, column: number): boolean {
  return found.rows.every((row) => {
    const value = row[column]?.number ?? null;
    return value === null || (Number.isInteger(value) && value >= 1800 && value <= 2200);
  });
}

function bars(found: Rows, name: Name, value: number, label: string, numeric: number[], width: number): Node[] {
  const columns = label === ALL ? found.columns.map((_, each) => each).filter((each) => each !== value && (!numeric.includes(each) || isYear(found, each))) : [+label];
  const rows = found.rows
    .filter((row) => (row[value]?.number ?? null) !== null)
    .map((row) => ({ text: columns.map((each) => show(row[each], name)).filter(Boolean).join(", "), value: row[value]!.number! }));
  const drawn = rows.slice(0, MOST_BARS);
  const longest = Math.max(0, ...drawn.map((each) => each.text.length));
  // Where names would take the room of the bars they stand above them.
  const above = 16 + longest * 7 > width * 0.45;
  const at = { y: (_: unknown, index: number) => index };
  const plot = Plot.plot({
    width,
    height: drawn.length * (above ? 42 : 24) + 50,
    marginLeft: above ? 8 : 16 + longest * 7,
    marginRight: 70,
    ariaLabel: say("chart_alternative", { column: found.columns[value]! }),
    x: { label: found.columns[value]!, nice: true },
    // A band for each row: rows of one name are neither added up nor drawn over each other.
    y: { axis: null, domain: drawn.map((_, index) => index) },
    marks: [
      Plot.axisX({ label: found.columns[value]!, tickFormat: short, ticks: width / 140 }),
      above
        ? Plot.text(drawn, { ...at, x: 0, text: "text", textAnchor: "start", dy: -10, lineWidth: (width - 16) / 12, textOverflow: "ellipsis" })
        : Plot.axisY({ tickFormat: (index: number) => drawn[index]?.text ?? "", tickSize: 0 }),
      Plot.barX(drawn, { ...at, x1: 0, x2: "value", fill: COLOURS[0]!, insetTop: above ? 20 : 0 }),
      Plot.text(drawn, {
        ...at,
        x: (each: { value: number }) => Math.max(0, each.value),
        text: (each: { value: number }) => number(each.value, 6),
        textAnchor: "start",
        dx: 4,
        dy: above ? 10 : 0,
      }),
      Plot.ruleX([0]),
    ],
  });
  return [clean(plot), ...(drawn.length < rows.length ? [note("chart_first_bars", drawn.length, rows.length)] : []), ...cutNote(found)];
}

function lines(found: Rows, name: Name, value: number, along: number, width: number): Node[] {
  const others = found.columns.map((_, each) => each).filter((each) => each !== value && each !== along);
  // What differs in any other column is another series: it is not joined by a line.
  const points = found.rows
    .filter((row) => (row[value]?.number ?? null) !== null && (row[along]?.number ?? null) !== null)
    .map((row) => ({
      x: row[along]!.number!,
      y: row[value]!.number!,
      series: others.map((each) => show(row[each], name)).filter(Boolean).join(", ") || found.columns[value]!,
    }));
  const series = [...new Set(points.map((each) => each.series))];
  const shown = series.slice(0, MOST_LINES);
  const drawn = points.filter((each) => shown.includes(each.series)).sort((one, other) => one.x - other.x);
  const places = new Set(drawn.map((each) => `${each.x} ${each.series}`));
  // Two values at one place are two series that no column tells apart.
  const joined = places.size === drawn.length;
  const plot = Plot.plot({
    width,
    height: Math.min(420, Math.max(260, width * 0.5)),
    marginLeft: 64,
    marginBottom: 44,
    ariaLabel: say("chart_alternative", { column: found.columns[value]! }),
    x: { label: found.columns[along]!, tickFormat: isYear(found, along) ? String : short, ticks: Math.min(width / 80, new Set(drawn.map((each) => each.x)).size) },
    y: { label: found.columns[value]!, tickFormat: short, zero: true, nice: true, grid: true },
    color: { domain: shown, range: COLOURS },
    symbol: { domain: shown, range: [...SYMBOLS] },
    marks: [
      ...(joined ? [Plot.line(drawn, { x: "x", y: "y", z: "series", stroke: "series", strokeWidth: 2 })] : []),
      Plot.dot(drawn, { x: "x", y: "y", stroke: "series", fill: "series", symbol: "series", r: 4, title: (each: { series: string; x: number; y: number }) => `${each.series}\n${each.x}: ${number(each.y)}` }),
      Plot.ruleY([0]),
    ],
  });
  return [
    ...(shown.length > 1 ? [legend(shown)] : []),
    clean(plot),
    ...(joined ? [] : [note("chart_not_joined")]),
    ...(shown.length < series.length ? [note("chart_first_lines", shown.length, series.length)] : []),
    ...cutNote(found),
  ];
}

function legend(shown: string[]): HTMLElement {
  const list = make("ul", { class: "legend" });
  shown.forEach((series, index) => {
    const plot = Plot.plot({
      width: 16, height: 16, margin: 0,
      x: { axis: null, domain: [-1, 1] }, y: { axis: null, domain: [-1, 1] },
      marks: [Plot.dot([0], { x: 0, y: 0, r: 5, symbol: SYMBOLS[index]!, fill: COLOURS[index]! })],
    });
    plot.setAttribute("aria-hidden", "true");
    list.append(make("li", {}, clean(plot), series));
  });
  return list;
}

/** `plot` without the style element in it, which the policy would refuse: style.css has the rules. */
function clean<Drawn extends Element>(plot: Drawn): Drawn {
  for (const each of plot.querySelectorAll("style")) each.remove();
  // Groups have no role, so that names on them are not allowed: the picture is named as one.
  for (const each of plot.querySelectorAll("[aria-label]")) each.removeAttribute("aria-label");
  plot.classList.add("plot");
  if (!plot.hasAttribute("aria-hidden")) plot.setAttribute("role", "img");
  return plot;
}

function note(text: string, shown = 0, all = 0): HTMLElement {
  return make("p", {}, say(text, { shown, all }));
}

function cutNote(found: Rows): Node[] {
  return found.more ? [make("p", {}, say("first_rows", { rows: found.rows.length }))] : [];
}

function show(cell: Cell | undefined, name: Name): string {
  return cell === undefined ? "" : name(cell);
}

function short(value: number): string {
  return new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumFractionDigits: 2 }).format(value);
}
