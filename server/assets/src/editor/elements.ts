/** Making elements of a page. */

type Attributes = Record<string, string | boolean | ((event: Event) => void)>;

/** An element with its attributes and what is in it; a text is never read as HTML. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...content: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false) element.setAttribute(key, value);
  }
  element.append(...content);
  return element;
}

/** A choice with its label; `changed` is called with the value that is chosen. */
export function choice(
  label: string,
  options: [value: string, text: string][],
  chosen: string,
  changed: (value: string) => void,
): HTMLElement {
  const id = `choice-${++made}`;
  const select = make("select", { id, change: () => changed(select.value) });
  for (const [value, text] of options) select.append(make("option", { value, selected: value === chosen }, text));
  return make("div", {}, make("label", { for: id }, label), " ", select);
}

let made = 0;
