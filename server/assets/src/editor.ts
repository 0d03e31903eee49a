/**
 * The query page, where scripts run: an editor in the place of the text box, and answers in the page.
 *
 * The server makes every answer as a page, with and without this script. Here such a page is fetched
 * and its answer put into this one, so that addresses, languages and words are those of the server.
 */

import { make } from "./editor/elements";
import { names } from "./editor/names";
import { addPanels } from "./editor/panels";
import { addSorting } from "./editor/sorting";
import { loadTexts, number, say } from "./editor/texts";
import { createEditor, type Fault } from "./editor/view";

const form = document.querySelector<HTMLFormElement>("#query-form");
if (form !== null) start(form);

function start(form: HTMLFormElement): void {
  loadTexts("query-texts");
  const box = form.querySelector<HTMLTextAreaElement>("textarea")!;
  const status = form.querySelector<HTMLElement>("#query-status")!;
  const cancel = form.querySelector<HTMLButtonElement>("#query-cancel")!;
  const label = form.querySelector("label")!;
  const page = form.action;
  const endpoint = form.dataset["endpoint"]!;
  const longest = Number(form.dataset["longest"]);
  const known = names(form.dataset["completions"]!, form.dataset["search"]!);
  const first = box.value;
  // The data set stays that of the page, which names it.
  const graphs = [...form.querySelectorAll<HTMLInputElement>("input[type=hidden]")].map((each): [string, string] => [each.name, each.value]);
  let running: AbortController | null = null;
  let fault: Fault | null = null;

  const host = make("div", { class: "editor" });
  box.before(host);
  // The box keeps the query for a form that is sent; the editor is what is read and written.
  box.hidden = true;
  box.required = false;
  box.removeAttribute("id");
  label.removeAttribute("for");
  label.addEventListener("click", () => editor.focus());
  form.querySelector<HTMLElement>("#query-keys")!.hidden = false;
  const editor = createEditor(host, {
    text: fromHash() ?? first,
    label: label.textContent!.trim(),
    phrases: JSON.parse(document.getElementById("query-phrases")!.textContent!) as Record<string, string>,
    names: known,
    run: () => void run(editor.text(), true),
    cancel: () => {
      if (running === null) return false;
      running.abort();
      return true;
    },
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void run(editor.text(), true);
  });
  cancel.addEventListener("click", () => running?.abort());
  window.addEventListener("popstate", () => open(true));
  window.addEventListener("hashchange", () => open(true));

  // What the server has answered already needs only what scripts add to it.
  if (fromHash() === null) complete(first);
  else open(false);

  /** Show the query that the address of the page has. */
  function open(anew: boolean): void {
    const query = fromHash() ?? new URLSearchParams(location.search).get("query");
    if (query === null) {
      if (location.hash !== "") return;
      editor.setText(first);
      answer().replaceChildren();
      mark(null);
    } else if (anew || fromHash() !== null) {
      editor.setText(query);
      void run(query, false);
    }
  }

  /** Ask the query and show the answer, or why there is none. */
  async function run(query: string, isNew: boolean): Promise<void> {
    running?.abort();
    const mine = (running = new AbortController());
    const began = performance.now();
    cancel.hidden = false;
    answer().setAttribute("aria-busy", "true");
    status.textContent = say("running");
    mark(null);
    try {
      const response = await fetch(...ask(query, mine.signal));
      const found = new DOMParser().parseFromString(await response.text(), "text/html");
      const part = found.getElementById("answer");
      if (part === null) throw new Error(`${response.status} ${response.statusText}`);
      const seconds = (performance.now() - began) / 1000;
      answer().replaceWith(document.adoptNode(part));
      if (isNew) history.pushState(null, "", address(query));
      document.title = found.title;
      const languages = found.querySelector(".languages");
      if (languages !== null) document.querySelector(".languages")?.replaceWith(document.adoptNode(languages));
      status.textContent = response.ok ? [say("answered", { seconds: number(seconds, 2) }), size()].join(" ") : say("refused");
      complete(query);
    } catch (error) {
      if (running !== mine) return;
      status.textContent = mine.signal.aborted ? say("cancelled") : say("failed", { reason: String(error) });
    } finally {
      if (running === mine) {
        running = null;
        // A button that goes must not take the focus with it.
        if (document.activeElement === cancel) editor.focus();
        cancel.hidden = true;
        answer().removeAttribute("aria-busy");
      }
    }
  }

  function ask(query: string, signal: AbortSignal): [string, RequestInit] {
    const headers = { Accept: "text/html" };
    const body = parameters(query);
    return query.length <= longest ? [`${page}?${body}`, { headers, signal }] : [page, { method: "POST", headers, body, signal }];
  }

  function parameters(query: string): URLSearchParams {
    return new URLSearchParams([["query", query], ...graphs]);
  }

  /** Add to an answer of the server what scripts can do with it. */
  function complete(query: string): void {
    const part = answer();
    const problem = part.querySelector<HTMLElement>(".problem[data-line]");
    if (problem !== null) {
      const [line, column] = [Number(problem.dataset["line"]), Number(problem.dataset["column"])];
      const found = { message: problem.querySelector("p")!.textContent!, line, column };
      mark(found);
      const go = make("button", { type: "button", class: "plain", click: () => editor.goTo(found) }, say("go_to_place", { line, column }));
      problem.append(make("p", { class: "place" }, go));
    }
    for (const pre of part.querySelectorAll<HTMLElement>("pre[data-address]")) {
      // The server knows its public address; whoever reads this may have reached it at another.
      const code = pre.firstElementChild!;
      code.textContent = code.textContent!.replaceAll(pre.dataset["address"]!, new URL(endpoint, location.href).href);
      pre.after(copyButton(() => code.textContent!));
    }
    for (const link of part.querySelectorAll<HTMLAnchorElement>("a.share")) link.after(" ", copyButton(() => link.href));
    if (part.querySelector("a.share") === null && part.querySelector("#code") !== null) {
      const link = make("a", { class: "share", href: address(query) }, say("long_link"));
      part.querySelector("#code")!.before(make("p", {}, link, " ", copyButton(() => link.href)));
    }
    addPanels(part, { endpoint, parameters: [...parameters(query)], names: known });
    addSorting(part);
  }

  function answer(): HTMLElement {
    return document.getElementById("answer")!;
  }

  function size(): string {
    return document.getElementById("result-size")?.textContent?.replace(/\s+/g, " ").trim() ?? "";
  }

  function mark(found: Fault | null): void {
    fault = found;
    editor.mark(fault);
  }

  /** The address that shows a query again: one that is too long stays in the browser. */
  function address(query: string): string {
    const part = parameters(query).toString();
    const path = new URL(page).pathname;
    return query.length <= longest ? `${path}?${part}` : `${path}#${part}`;
  }
}

function fromHash(): string | null {
  return location.hash.startsWith("#query=") ? new URLSearchParams(location.hash.slice(1)).get("query") : null;
}

function copyButton(text: () => string): HTMLElement {
  const said = make("span", { role: "status" });
  const copy = make("button", {
    type: "button",
    class: "plain",
    click: () => {
      navigator.clipboard.writeText(text()).then(
        () => (said.textContent = say("copied")),
        () => (said.textContent = say("not_copied")),
      );
    },
  }, say("copy"));
  return make("span", { class: "copy" }, copy, " ", said);
}
