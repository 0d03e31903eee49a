/** The texts of the editor in the language of the page, which the server writes into it. */

export type Texts = Record<string, string>;

let known: Texts = {};

/** Take the texts from the block of data called `id`. */
export function loadTexts(id: string): Texts {
  known = JSON.parse(document.getElementById(id)?.textContent ?? "{}") as Texts;
  return known;
}

/** A text, with its placeholders filled in. */
export function say(name: string, values: Record<string, string | number> = {}): string {
  const text = known[name];
  if (text === undefined) throw new Error(`the page has no text ${name}`);
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => {
    const value = values[key];
    return value === undefined ? whole : typeof value === "number" ? number(value) : value;
  });
}

/** A number as the language of the page writes it, rounded to so many digits behind the point. */
export function number(value: number, digits = 20): string {
  return new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: digits }).format(value);
}
