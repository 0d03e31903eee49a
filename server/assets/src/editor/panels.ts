/** The ways to look at an answer: its table, a chart, a pivot, and what the endpoint sent. */

import { make } from "./elements";
import { type Names, shorten } from "./names";
import { type Cell, fetchRows, type Rows } from "./result";
import { number, say } from "./texts";

/** So much of an answer is shown as it was sent, in characters. */
const MOST_RAW = 100_000;

export interface Asked {
  /** Where programs ask. */
  endpoint: string;
  /** The query and its data set, as the endpoint takes them. */
  parameters: [name: string, value: string][];
  names: Names;
}

/** Put tabs around the table of an answer in `answer`, if there is one. */
export function addPanels(answer: HTMLElement, asked: Asked): void {
  const table = answer.querySelector<HTMLElement>("[data-answer]");
  if (table === null) return;
  const isTable = table.dataset["answer"] === "table";
  const stop = new AbortController();
  let rows: Promise<Rows> | undefined;
  const getRows = (): Promise<Rows> => (rows ??= fetchRows(asked.endpoint, asked.parameters, stop.signal));
  const named = namer(table, asked);

  const ways: [name: string, fill: ((panel: HTMLElement) => Promise<void>) | null][] = [
    ["table", null],
    ...(isTable
      ? ([
          [
            "chart",
            async (panel) => {
              const [{ drawChart }, found, name] = await Promise.all([import("./chart"), getRows(), named]);
              drawChart(panel, found, name);
            },
          ],
          [
            "pivot",
            async (panel) => {
              const [{ showPivot }, found, name] = await Promise.all([import("./pivot"), getRows(), named]);
              showPivot(panel, found, name);
            },
          ],
        ] as [string, (panel: HTMLElement) => Promise<void>][])
      : []),
    ["raw", (panel) => showRaw(panel, asked, isTable ? "json" : "ttl", stop.signal)],
  ];

  const list = make("div", { role: "tablist", class: "tabs", "aria-label": say("views") });
  const tabs: HTMLButtonElement[] = [];
  const panels: HTMLElement[] = [];
  const done = new Set<number>();
  table.before(list);
  ways.forEach(([name], index) => {
    const panel = index === 0 ? make("div") : make("div", { hidden: true });
    panel.id = `answer-${name}`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", `tab-${name}`);
    const tab = make("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": panel.id, click: () => choose(index) }, say(name));
    tabs.push(tab);
    panels.push(panel);
    list.append(tab);
    if (index === 0) {
      table.replaceWith(panel);
      panel.append(table);
    } else panels[index - 1]!.after(panel);
  });
  list.addEventListener("keydown", (event) => {
    const at = tabs.findIndex((tab) => tab === document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose((to + tabs.length) % tabs.length);
    tabs[(to + tabs.length) % tabs.length]!.focus();
  });
  choose(0);

  function choose(chosen: number): void {
    tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === chosen));
      tab.tabIndex = index === chosen ? 0 : -1;
      panels[index]!.hidden = index !== chosen;
    });
    const fill = ways[chosen]![1];
    if (fill === null || done.has(chosen)) return;
    done.add(chosen);
    const panel = panels[chosen]!;
    panel.replaceChildren(make("p", { role: "status" }, say("loading")));
    fill(panel).catch((error: unknown) => {
      done.delete(chosen);
      rows = undefined;
      panel.replaceChildren(make("p", { role: "alert" }, say("not_loaded", { reason: String(error) })));
    });
  }
}

/** How cells are called: IRIs by the label that the table has for them, or by their short name. */
async function namer(table: HTMLElement, asked: Asked): Promise<(cell: Cell) => string> {
  const labels = new Map<string, string>();
  for (const link of table.querySelectorAll<HTMLElement>("[title]")) labels.set(link.title, link.textContent ?? "");
  const { prefixes } = await asked.names.vocabulary();
  return (cell) => (cell.iri ? (labels.get(cell.text) ?? shorten(cell.text, prefixes)) : cell.text);
}

/** What the endpoint sends, as it is, from its beginning. */
async function showRaw(panel: HTMLElement, asked: Asked, format: string, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const body = new URLSearchParams([...asked.parameters, ["format", format]]);
  const response = await fetch(asked.endpoint, { method: "POST", body, signal: AbortSignal.any([signal, stop.signal]) });
  if (response.body === null) throw new Error(String(response.status));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let more = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
    if (text.length > MOST_RAW) {
      more = true;
      stop.abort();
      break;
    }
  }
  // What is whole and on one line is read more easily on several.
  if (!more && format === "json") text = JSON.stringify(JSON.parse(text), null, 2);
  panel.replaceChildren(
    make("p", {}, make("code", {}, response.headers.get("Content-Type") ?? "")),
    make("pre", { tabindex: "0", role: "region", "aria-label": say("raw") }, text.slice(0, MOST_RAW)),
    ...(more ? [make("p", {}, say("first_characters", { characters: number(MOST_RAW) }))] : []),
  );
}
