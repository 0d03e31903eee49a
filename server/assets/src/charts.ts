/**
 * Charts, where scripts run: what a mark stands for where one points or goes with the arrow keys,
 * a click that opens its figure, and a legend that hides and shows series.
 *
 * The picture, its legend and its table are in the page already; nothing is drawn here.
 */

interface Mark {
  element: SVGElement;
  text: string;
  series: string;
  /** The address of the figure. */
  href: string | undefined;
}

/** How far from the middle of a mark one may point, in CSS pixels. */
const REACH = 36;

for (const figure of document.querySelectorAll<HTMLElement>("figure.chart")) enhance(figure);

function enhance(figure: HTMLElement): void {
  const picture = figure.querySelector<HTMLElement>(".picture");
  if (picture === null) return;
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "status");
  picture.append(tip);
  const marks = [...picture.querySelectorAll("svg")].map((svg) => readMarks(figure, svg));
  const hidden = new Set<string>();
  let chosen: Mark | undefined;

  /** The marks of the picture that the style sheet shows, without the series that are hidden. */
  function listMarks(): Mark[] {
    const shown = marks.find((each) => each[0]?.element.ownerSVGElement?.getClientRects().length);
    return (shown ?? []).filter((mark) => !hidden.has(mark.series));
  }

  function choose(mark: Mark | undefined): void {
    if (mark === chosen) return;
    chosen?.element.classList.remove("chosen");
    chosen = mark;
    tip.textContent = mark?.text ?? "";
    if (mark === undefined) return;
    mark.element.classList.add("chosen");
    const place = mark.element.getBoundingClientRect();
    const around = picture!.getBoundingClientRect();
    const middle = place.left + place.width / 2 - around.left;
    const room = around.width - tip.offsetWidth;
    tip.style.left = `${Math.max(0, Math.min(room, middle - tip.offsetWidth / 2))}px`;
    tip.style.top = `${Math.max(0, place.top - around.top - tip.offsetHeight - 8)}px`;
  }

  picture.addEventListener("pointermove", (event) => choose(findNearest(listMarks(), event)));
  picture.addEventListener("pointerleave", () => choose(undefined));
  picture.addEventListener("click", (event) => {
    const mark = findNearest(listMarks(), event);
    // A finger has not seen yet what it would open.
    if (mark?.href !== undefined && (event as PointerEvent).pointerType === "mouse") location.assign(mark.href);
    else choose(mark);
  });

  picture.tabIndex = 0;
  picture.setAttribute("role", "group");
  picture.setAttribute("aria-label", picture.dataset["keys"] ?? "");
  picture.addEventListener("blur", () => choose(undefined));
  picture.addEventListener("keydown", (event) => {
    const all = listMarks();
    const at = chosen === undefined ? -1 : all.indexOf(chosen);
    if (event.key === "ArrowRight" || event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
    else if (event.key === "ArrowLeft" || event.key === "ArrowUp") choose(all[at < 1 ? all.length - 1 : at - 1]);
    else if (event.key === "Home") choose(all[0]);
    else if (event.key === "End") choose(all[all.length - 1]);
    else if (event.key === "Escape") choose(undefined);
    else if (event.key === "Enter" && chosen?.href !== undefined) location.assign(chosen.href);
    else return;
    event.preventDefault();
  });

  const keys = [...figure.querySelectorAll<HTMLElement>(".legend li[data-series]")];
  if (new Set(keys.map((key) => key.dataset["series"])).size < 2) return;
  for (const key of keys) {
    const series = key.dataset["series"] ?? "";
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-pressed", "true");
    button.append(...key.childNodes);
    key.append(button);
    button.addEventListener("click", () => {
      const shows = hidden.has(series);
      if (shows) hidden.delete(series);
      else hidden.add(series);
      choose(undefined);
      for (const each of keys) {
        if (each.dataset["series"] !== series) continue;
        each.querySelector("button")?.setAttribute("aria-pressed", String(shows));
      }
      for (const each of picture.querySelectorAll(`svg [data-series="${CSS.escape(series)}"]`)) {
        each.classList.toggle("off", !shows);
      }
    });
  }
}

/** The marks of a picture, in the order of the table, and without the hints that browsers show. */
function readMarks(figure: HTMLElement, svg: SVGElement): Mark[] {
  return [...svg.querySelectorAll<SVGElement>("[data-point]")].map((element) => {
    const title = element.querySelector("title");
    const point = CSS.escape(element.dataset["point"] ?? "");
    const link = figure.querySelector<HTMLAnchorElement>(`table a[data-point="${point}"]`);
    title?.remove();
    return {
      element,
      text: title?.textContent ?? "",
      series: element.dataset["series"] ?? "",
      href: link?.href,
    };
  });
}

/** The mark that is pointed at: the nearest in reach, from its edge. */
function findNearest(marks: Mark[], event: MouseEvent): Mark | undefined {
  let best: Mark | undefined;
  let least = REACH;
  for (const mark of marks) {
    const { left, right, top, bottom } = mark.element.getBoundingClientRect();
    const across = Math.max(left - event.clientX, 0, event.clientX - right);
    const along = Math.max(top - event.clientY, 0, event.clientY - bottom);
    const distance = Math.hypot(across, along);
    if (distance < least) [best, least] = [mark, distance];
  }
  return best;
}
