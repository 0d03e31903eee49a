/** What is proposed while a query is written: names of the release by their place in a triple. */

import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { snippetCompletion } from "@codemirror/autocomplete";
import type { Individual, Names, Term, Vocabulary } from "./names";
import { read } from "./syntax";

/** So many are proposed at once; whoever wants another writes on. */
const MOST = 60;
/** So many things of any kind are, and only for so many letters. */
const MOST_FOUND = 8;
const LEAST = 3;

const KEYWORDS = [
  ..."SELECT DISTINCT WHERE OPTIONAL FILTER UNION MINUS VALUES BIND GRAPH FROM NAMED ASK CONSTRUCT".split(" "),
  ..."DESCRIBE LIMIT OFFSET HAVING EXISTS COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT LANG STR YEAR".split(" "),
  ..."LANGMATCHES CONTAINS STRSTARTS REGEX LCASE COALESCE BOUND PREFIX ROUND CONCAT DATATYPE".split(" "),
  ...["ORDER BY", "GROUP BY", "NOT EXISTS", "IN", "NOT IN", "DESC", "ASC", "IF", "AS"],
].map((label): Completion => ({ label, type: "keyword" }));

const SNIPPETS = [
  snippetCompletion("SELECT ${?columns} WHERE {\n  ${}\n}", { label: "SELECT … WHERE", type: "keyword" }),
  snippetCompletion('FILTER (LANG(${?label}) = "${en}")', { label: "FILTER LANG", type: "keyword" }),
];

/** The source of completions for CodeMirror. */
export function completions(names: Names) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const text = context.state.doc.toString();
    const { place, classes, variables } = read(text, context.pos);
    const variable = context.matchBefore(/[?$][\p{L}\p{N}_]*/u);
    if (variable !== null) {
      const options = [...variables]
        .filter((each) => each !== variable.text.slice(1))
        .map((each): Completion => ({ label: `?${each}`, type: "variable" }));
      return options.length > 0 ? { from: variable.from, options } : null;
    }
    const word = context.matchBefore(/[\p{L}\p{N}_:.-]+/u);
    if (inText(context)) return null;
    if (word === null && !context.explicit) return null;
    const typed = word?.text ?? "";
    const from = word?.from ?? context.pos;
    if (/^[0-9.:-]/.test(typed) && !context.explicit) return null;

    const vocabulary = await names.vocabulary();
    const colon = typed.indexOf(":");
    const prefix = colon >= 0 ? typed.slice(0, colon) : "";
    const options: Completion[] = [];
    if (colon >= 0) {
      const terms = place.part === "predicate" ? vocabulary.properties : bothKinds(vocabulary, place.predicate);
      options.push(...pick(terms.filter((each) => each.name.startsWith(`${prefix}:`)).map(show), typed));
      if (prefix in vocabulary.prefixes && options.length === 0) {
        options.push(...pick((await names.individuals(prefix)).map(showIndividual), typed));
      }
    } else if (place.part === "predicate") {
      options.push(...pick(ofSubject(vocabulary, classes.get(place.subject)), typed));
    } else if (place.part === "object" && ["a", "rdf:type"].includes(place.predicate)) {
      options.push(...pick(vocabulary.classes.map(show), typed));
    } else {
      if (place.part === "object") {
        const lists = (vocabulary.values[place.predicate] ?? []).map((each) => names.individuals(each));
        const found = (await Promise.all(lists)).flat();
        options.push(...pick(found.map(showIndividual), typed));
      }
      const used = Object.keys(vocabulary.prefixes).map((each): Completion => ({ label: `${each}:`, type: "namespace" }));
      options.push(...pick([...SNIPPETS, ...KEYWORDS, ...(typed === "" ? [] : used)], typed));
      if (place.part !== "none" && options.length === 0 && typed.length >= LEAST) {
        const stop = new AbortController();
        context.addEventListener("abort", () => stop.abort());
        // By a name in any language, or with a letter wrong.
        options.push(...(await names.search(typed, stop.signal).catch(() => [])).slice(0, MOST_FOUND).map(showIndividual));
      }
    }
    if (context.aborted || options.length === 0) return null;
    // The options depend on what is typed beyond its letters, so they are asked for anew.
    return { from, options, filter: false };
  };
}

/** Whether the cursor is in a text, a comment or an IRI, where nothing is proposed. */
function inText(context: CompletionContext): boolean {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  const rest = before.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|<[^<>\s]*>/g, "");
  return /["'#]|<[^\s=]*$/.test(rest);
}

function bothKinds(vocabulary: Vocabulary, predicate: string): Term[] {
  const { classes, properties } = vocabulary;
  return ["a", "rdf:type"].includes(predicate) ? classes : [...classes, ...properties];
}

/** The properties that members of the classes of the subject have; all, where none is known. */
function ofSubject(vocabulary: Vocabulary, classes: Set<string> | undefined): Completion[] {
  const used = new Set([...(classes ?? [])].flatMap((each) => vocabulary.uses[each] ?? []));
  // Of a class that the release knows, only what its members have.
  const fitting = vocabulary.properties.filter((each) => used.size === 0 || used.has(each.name));
  return [{ label: "a", detail: "rdf:type", type: "keyword" }, ...fitting.map(show)];
}

function show(term: Term): Completion {
  return { label: term.name, detail: term.label, type: /:\p{Lu}/u.test(term.name) ? "class" : "property", ...info(term) };
}

function info(term: Term): Partial<Completion> {
  return term.about === "" ? {} : { info: term.about };
}

function showIndividual(each: Individual): Completion {
  return { label: each.name, detail: each.label, type: "constant" };
}

/** The options that fit what is typed, best first: by the name, its part behind the prefix, or a word of the label. */
function pick(options: Completion[], typed: string): Completion[] {
  const sought = fold(typed);
  const ranked = options
    .map((option) => ({ option, rank: rank(option, sought) }))
    .filter((each) => each.rank < Infinity)
    .sort((one, other) => one.rank - other.rank);
  return ranked.slice(0, MOST).map(({ option }) => option);
}

function rank(option: Completion, sought: string): number {
  if (sought === "") return 0;
  const name = fold(option.label);
  const behind = sought.includes(":") ? sought.slice(sought.indexOf(":") + 1) : sought;
  const local = name.includes(":") ? name.slice(name.indexOf(":") + 1) : name;
  const label = fold(option.detail ?? "");
  if (name === sought || local === behind) return 0;
  if (name.startsWith(sought) || local.startsWith(behind)) return 1;
  if (label.startsWith(behind)) return 2;
  if (label.split(/[\s,()«»"-]+/).some((each) => each.startsWith(behind))) return 3;
  return local.includes(behind) ? 4 : Infinity;
}

function fold(text: string): string {
  return text.toLowerCase().replaceAll("ё", "е");
}
