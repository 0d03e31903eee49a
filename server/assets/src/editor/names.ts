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
}

/** The names at an address of the server. */
export function names(address: string): Names {
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
  };
}
