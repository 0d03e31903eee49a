/** What the release has names for: fetched when completion first asks, and kept. */

/** A class or a property: its prefixed name, label, definition, and how often it is used. */
export interface Term {
  name: string;
  label: string;
  about: string;
  count: number;
}

export interface Vocabulary {
  prefixes: Record<string, string>;
  classes: Term[];
  properties: Term[];
  /** Of each class the names of the properties that its members have. */
  uses: Record<string, string[]>;
  /** Of each property the prefixes of its values, where those are things with names. */
  values: Record<string, string[]>;
}

/** A thing: its prefixed name and its label. */
export interface Individual {
  name: string;
  label: string;
}

export interface Names {
  vocabulary(): Promise<Vocabulary>;
  individuals(prefix: string): Promise<Individual[]>;
  /** Things of any kind, as the search of the site finds them. */
  search(text: string, signal: AbortSignal): Promise<Individual[]>;
}

/** What may follow a prefix as it is: https://www.w3.org/TR/sparql11-query/#rPN_LOCAL */
const LOCAL = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?$/;

/** An IRI as a query may have it: with a prefix, or in full. */
export function shorten(iri: string, prefixes: Record<string, string>): string {
  const fitting = Object.entries(prefixes).filter(([, namespace]) => iri.startsWith(namespace));
  const [prefix, namespace] = fitting.sort(([, one], [, other]) => other.length - one.length)[0] ?? ["", ""];
  const local = iri.slice(namespace.length);
  return prefix !== "" && LOCAL.test(local) ? `${prefix}:${local}` : `<${iri}>`;
}

/** The names at an address of the server, and what its search finds. */
export function names(address: string, searchAddress: string): Names {
  const kept = new Map<string, Promise<unknown>>();

  function load<T>(path: string): Promise<T> {
    let found = kept.get(path) as Promise<T> | undefined;
    if (found === undefined) {
      found = fetch(address + path).then((response) => {
        if (!response.ok) throw new Error(`${path}: ${response.status}`);
        return response.json() as Promise<T>;
      });
      kept.set(path, found);
      // What failed once is asked again.
      found.catch(() => kept.delete(path));
    }
    return found;
  }

  return {
    vocabulary: () => load<Vocabulary>(""),
    individuals: (prefix) => load<Individual[]>(`/${encodeURIComponent(prefix)}`),
    async search(text, signal) {
      const { prefixes } = await load<Vocabulary>("");
      const parameters = new URLSearchParams({ q: text, format: "json" });
      const response = await fetch(`${searchAddress}?${parameters}`, { signal });
      // A release from before there was a search has none.
      if (!response.ok) return [];
      const { hits } = (await response.json()) as { hits: { iri: string; labels: Record<string, string> }[] };
      const language = document.documentElement.lang;
      return hits.map(({ iri, labels }) => ({ name: shorten(iri, prefixes), label: labels[language] ?? labels["en"] ?? "" }));
    },
  };
}
