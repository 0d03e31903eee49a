/**
 * Suggestions below the box for search, where scripts run: a combobox whose list is a choice of names,
 * https://www.w3.org/WAI/ARIA/apg/patterns/combobox/. Enter without a choice sends the form, as without
 * this script; a choice leads to the page of the thing.
 */

/** How long to wait for the next key before the server is asked, in milliseconds. */
const PAUSE = 120;
const LEAST_LETTERS = 2;

for (const box of document.querySelectorAll<HTMLInputElement>("input[data-suggest]")) start(box);

function start(box: HTMLInputElement): void {
  const list = document.createElement("ul");
  list.id = `${box.id}-suggestions`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.labels?.[0]?.textContent ?? "");
  list.hidden = true;
  box.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) {
    box.setAttribute(name, value);
  }

  let timer = 0;
  let asking: AbortController | null = null;
  let chosen = -1;
  let addresses: string[] = [];

  function close(): void {
    window.clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  function choose(place: number): void {
    list.children[chosen]?.setAttribute("aria-selected", "false");
    chosen = place;
    const option = list.children[chosen];
    if (option === undefined) {
      box.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", option.id);
  }

  function show(names: string[], kinds: string[]): void {
    list.replaceChildren(
      ...names.map((name, place) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${place}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        const kind = document.createElement("small");
        kind.textContent = kinds[place] ?? "";
        option.append(name, " ", kind);
        // Before the box loses the focus, which closes the list.
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          go(place);
        });
        return option;
      }),
    );
    chosen = -1;
    box.removeAttribute("aria-activedescendant");
    list.hidden = names.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
  }

  function go(place: number): void {
    const address = addresses[place];
    if (address === undefined) return;
    const to = new URL(address, location.href);
    // The server writes the addresses; one that is no page is not followed all the same.
    if (to.protocol === "https:" || to.protocol === "http:") location.assign(to);
  }

  async function ask(): Promise<void> {
    asking?.abort();
    asking = new AbortController();
    const typed = box.value;
    try {
      const address = `${box.dataset["suggest"]}?q=${encodeURIComponent(typed.slice(0, box.maxLength))}`;
      const reply = await fetch(address, { signal: asking.signal });
      if (!reply.ok) return close();
      const [, names, kinds, found] = (await reply.json()) as [string, string[], string[], string[]];
      if (typed !== box.value || document.activeElement !== box) return;
      addresses = found;
      show(names, kinds);
    } catch (error) {
      // Another key came meanwhile, or there is no network: the form works without suggestions.
      if (!(error instanceof DOMException && error.name === "AbortError")) close();
    }
  }

  box.addEventListener("input", () => {
    window.clearTimeout(timer);
    if (box.value.trim().length < LEAST_LETTERS) return close();
    timer = window.setTimeout(() => void ask(), PAUSE);
  });
  box.addEventListener("keydown", (event) => {
    const last = list.children.length - 1;
    if (event.key === "Escape" && !list.hidden) {
      close();
    } else if (event.key === "ArrowDown" && list.hidden && box.value.trim().length >= LEAST_LETTERS) {
      void ask();
    } else if (event.key === "ArrowDown" && !list.hidden) {
      choose(chosen < last ? chosen + 1 : -1);
    } else if (event.key === "ArrowUp" && !list.hidden) {
      choose(chosen >= 0 ? chosen - 1 : last);
    } else if (event.key === "Enter" && !list.hidden && chosen >= 0) {
      go(chosen);
    } else {
      return;
    }
    // Escape would empty the box, the arrows would move the caret, Enter would send the form.
    event.preventDefault();
  });
  box.addEventListener("blur", close);
  // A page that comes back from the browser's memory has no list open.
  window.addEventListener("pageshow", close);
}
