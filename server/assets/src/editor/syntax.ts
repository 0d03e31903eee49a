/**
 * Where in a query the cursor is: what completion needs to know of SPARQL, and no more.
 *
 * A query that is being written is seldom one yet, so this parses none: it goes through the tokens
 * and keeps track of which of subject, predicate and object comes next.
 * https://www.w3.org/TR/sparql11-query/#sparqlGrammar
 */

export type Kind = "iri" | "name" | "variable" | "string" | "number" | "word" | "sign";

export interface Token {
  kind: Kind;
  text: string;
  from: number;
  to: number;
}

/** The part of a triple that is written at a place; "none" where it is no triple. */
export type Part = "subject" | "predicate" | "object" | "none";

export interface Place {
  part: Part;
  /** The subject and the last predicate of the triple, as they are written. */
  subject: string;
  predicate: string;
}

export interface Reading {
  /** Where the cursor is. */
  place: Place;
  /** The classes that the query gives each subject, as they are written. */
  classes: Map<string, Set<string>>;
  /** All variables, without their mark. */
  variables: Set<string>;
}

const TOKEN = new RegExp(
  [
    "(?<comment>#[^\\n]*)",
    '(?<iri><[^<>"{}|^`\\\\\\s]*>)',
    "(?<string>\"\"\"[^]*?(?:\"\"\"|$)|'''[^]*?(?:'''|$)|\"(?:[^\"\\\\\\n]|\\\\.)*\"?|'(?:[^'\\\\\\n]|\\\\.)*'?)",
    "(?<variable>[?$][\\p{L}\\p{N}_]+)",
    "(?<name>(?:[\\p{L}_][\\p{L}\\p{N}_.-]*)?:(?:(?:[\\p{L}\\p{N}_:%-]|\\\\.)(?:[\\p{L}\\p{N}_:%.-]|\\\\.)*)?)",
    "(?<number>[0-9]+(?:\\.[0-9]+)?)",
    "(?<word>@?[\\p{L}_][\\p{L}\\p{N}_-]*)",
    "(?<sign>\\^\\^|&&|\\|\\||[!<>]=|[^\\s])",
  ].join("|"),
  "gu",
);

/** The tokens of a query, without its comments. */
export function* tokens(text: string): Generator<Token> {
  for (const match of text.matchAll(TOKEN)) {
    for (const [kind, found] of Object.entries(match.groups ?? {})) {
      if (found === undefined || kind === "comment") continue;
      // A full stop at the end of a name ends the triple.
      const whole = kind === "name" ? found.replace(/\.+$/, "") : found;
      const to = match.index + whole.length;
      yield { kind: kind as Kind, text: whole, from: match.index, to };
      for (let dot = to; dot < match.index + found.length; dot++) {
        yield { kind: "sign", text: ".", from: dot, to: dot + 1 };
      }
    }
  }
}

interface Frame extends Place {
  open: string;
}

/** Words after which a triple begins anew. */
const BEGINS = new Set(["filter", "optional", "bind", "values", "union", "minus", "graph", "service", "where"]);
/** Words that end the pattern, or stand where no triple does. */
const TYPE = "a";
const NEXT: Record<Part, Part> = { subject: "predicate", predicate: "object", object: "none", none: "none" };

/** Read `text` with the cursor at `cursor`. */
export function read(text: string, cursor: number): Reading {
  const classes = new Map<string, Set<string>>();
  const variables = new Set<string>();
  const frames: Frame[] = [{ open: "", part: "none", subject: "", predicate: "" }];
  let place: Place | undefined;
  let before: Token | undefined;

  const top = (): Frame => frames[frames.length - 1]!;
  const push = (open: string, part: Part, subject = "", predicate = ""): void => {
    frames.push({ open, part, subject, predicate });
  };
  const pop = (): void => {
    if (frames.length > 1) frames.pop();
  };
  const take = (written: string): void => {
    const frame = top();
    if (frame.part === "subject") frame.subject = written;
    if (frame.part === "predicate") frame.predicate = written;
    if (frame.part === "object" && (frame.predicate === TYPE || frame.predicate === "rdf:type")) {
      classes.set(frame.subject, (classes.get(frame.subject) ?? new Set()).add(written));
    }
    frame.part = NEXT[frame.part];
  };

  for (const token of tokens(text)) {
    if (place === undefined && token.to >= cursor) place = { ...top() };
    if (token.kind === "variable") variables.add(token.text.slice(1));
    step(token);
    before = token;
  }
  return { place: place ?? { ...top() }, classes, variables };

  function step(token: Token): void {
    const frame = top();
    if (token.kind === "word") {
      const word = token.text.toLowerCase();
      if (word.startsWith("@")) return;
      if (BEGINS.has(word)) frame.part = frame.open === "{" ? "subject" : "none";
      else if (["a", "true", "false"].includes(word)) take(word);
      // `GRAPH ?g {` and `SERVICE ?s {` are no triples; what is named is forgotten at the brace.
      return;
    }
    if (token.kind !== "sign") {
      // The type of a literal is part of it.
      if (before?.text !== "^^") take(token.text);
      return;
    }
    switch (token.text) {
      case "{":
        push("{", "subject");
        break;
      case "}":
        while (frames.length > 1 && top().open !== "{") pop();
        pop();
        if (top().open === "{") top().part = "subject";
        break;
      case "[":
        push("[", "predicate", `[${token.from}`);
        break;
      case "]":
        if (frame.open === "[") {
          pop();
          take(frame.subject);
        }
        break;
      case "(":
        // A path in brackets, or else an expression or a list.
        push("(", frame.part === "predicate" ? "predicate" : "none");
        break;
      case ")":
        if (frame.open === "(") {
          pop();
          if (top().part !== "subject") take(frame.predicate);
        }
        break;
      case ".":
        if (frame.open === "{") frame.part = "subject";
        break;
      case ";":
        if (frame.part !== "subject") frame.part = "predicate";
        break;
      case ",":
        if (frame.part === "none" && frame.predicate !== "") frame.part = "object";
        break;
      case "/":
      case "|":
        if (frame.part === "object") frame.part = "predicate";
        break;
      default:
    }
  }
}
