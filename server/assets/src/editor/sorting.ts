/** Sorting the rows of the table that an answer is shown as. */

import { make } from "./elements";
import { say } from "./texts";

/** Make the heads of the table in `answer` buttons that sort by their columns. */
export function addSorting(answer: HTMLElement): void {
  const table = answer.querySelector<HTMLTableElement>("table.result");
  const body = table?.tBodies[0];
  if (!table || !body || body.rows.length < 2) return;
  const heads = [...table.tHead!.rows[0]!.cells];
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  heads.forEach((head, column) => {
    const name = head.textContent!;
    const sort = make("button", { type: "button", class: "sort", title: say("sort", { column: name }), click: () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const each of heads) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const numeric = head.classList.contains("number");
      const key = (row: HTMLTableRowElement): string => row.cells[column]!.firstElementChild?.textContent ?? "";
      const rows = [...body.rows].sort((one, other) => {
        const [a, b] = [key(one), key(other)];
        // What has no value comes last either way.
        if (a === "" || b === "") return Number(a === "") - Number(b === "");
        return (down ? -1 : 1) * (numeric ? Number(a) - Number(b) : collator.compare(a, b));
      });
      body.append(...rows);
    } }, name);
    head.replaceChildren(sort);
  });
}
