/**
 * The editor of a query: CodeMirror, in a shadow root.
 *
 * There its style is a constructed sheet, which the policy `style-src 'self'` allows; elsewhere it
 * would be a style element, which it does not. Colours are the variables of the page.
 */

import { autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState, StateEffect, StateField, type Transaction } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Names } from "./names";
import { completions } from "./completion";

/** What is wrong with a query, and where: line and column from 1. */
export interface Fault {
  message: string;
  line: number;
  column: number;
}

export interface QueryEditor {
  text(): string;
  setText(text: string): void;
  focus(): void;
  /** Mark a fault at its place, or none. */
  mark(fault: Fault | null): void;
  /** Put the cursor where the fault is. */
  goTo(fault: Fault): void;
}

export interface Options {
  text: string;
  label: string;
  phrases: Record<string, string>;
  names: Names;
  run(): void;
  cancel(): boolean;
}

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: "var(--series-d)", fontWeight: "600" },
  { tag: [tags.standard(tags.name), tags.standard(tags.variableName)], color: "var(--series-d)" },
  { tag: [tags.atom, tags.meta], color: "var(--link)" },
  { tag: tags.variableName, color: "var(--series-b)" },
  { tag: [tags.string, tags.number], color: "var(--series-c)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: tags.operator, color: "var(--text)" },
]);

const theme = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "var(--panel)", border: "1px solid var(--quiet)", borderRadius: ".25rem" },
  "&.cm-focused": { outline: "3px solid var(--link)", outlineOffset: "2px" },
  ".cm-scroller": {
    fontFamily: 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace',
    fontSize: ".92rem",
    lineHeight: "1.45",
    minHeight: "10rem",
    maxHeight: "60vh",
  },
  ".cm-content": { caretColor: "var(--text)", padding: ".6rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--text)", borderLeftWidth: "2px" },
  ".cm-gutters": { color: "var(--quiet)", backgroundColor: "var(--panel)", borderRight: "1px solid var(--line)" },
  ".cm-gutter-lint": { width: "1.5em" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--mark)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--mark)", outline: "1px solid var(--quiet)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--fault-back)" },
  ".cm-lintRange-error": {
    backgroundColor: "var(--fault-back)",
    backgroundImage: "none",
    textDecoration: "underline wavy var(--fault) 2px",
    textUnderlineOffset: "3px",
  },
  ".cm-lintPoint-error:after": { borderBottomColor: "var(--fault)" },
  ".cm-lint-marker-error": { content: '"!"', color: "var(--back)", backgroundColor: "var(--fault)", fontWeight: "700", textAlign: "center", borderRadius: "50%", fontSize: ".8em", lineHeight: "1.25em", width: "1.25em", height: "1.25em" },
  ".cm-tooltip": { color: "var(--text)", backgroundColor: "var(--back)", border: "1px solid var(--quiet)", borderRadius: ".25rem" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--fault)" },
  ".cm-panels": { color: "var(--text)", backgroundColor: "var(--back)" },
  ".cm-panel.cm-panel-lint ul [aria-selected]": { backgroundColor: "var(--fault-back)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxWidth: "min(40rem, 88vw)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { color: "var(--back)", backgroundColor: "var(--link)" },
  ".cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail": { color: "var(--back)" },
  ".cm-completionDetail": { color: "var(--quiet)", fontStyle: "normal" },
  ".cm-completionInfo": { maxWidth: "20rem" },
});

/**
 * What is typed over a selection is put into the document here. Left to the browser, Chromium keeps
 * the look of what was selected by style attributes, which the policy refuses, before CodeMirror
 * reads the text: tests/test_editor_browser.py types over a selection.
 */
const typeOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { main } = view.state.selection;
    if (event.inputType !== "insertText" || event.data === null || event.isComposing || main.empty) return false;
    event.preventDefault();
    const text = event.data;
    const insert = (): Transaction => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
    const handled = view.state.facet(EditorView.inputHandler).some((each) => each(view, main.from, main.to, text, insert));
    if (!handled) view.dispatch(insert());
    return true;
  },
});

/** Whether the query was refused, for those who do not see the mark. */
const setRefused = StateEffect.define<boolean>();
const refused = StateField.define<boolean>({
  create: () => false,
  update: (value, change) => change.effects.reduce((last, each) => (each.is(setRefused) ? each.value : last), value),
  provide: (field) =>
    EditorView.contentAttributes.from(field, (value): Record<string, string> => (value ? { "aria-invalid": "true" } : {})),
});

/** An editor in `host`, which has nothing else in it. */
export function createEditor(host: HTMLElement, options: Options): QueryEditor {
  const root = host.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        // First, for of the usual keys Ctrl+Enter adds a line. Tab leaves the editor.
        keymap.of([
          // No list may open any more, or Escape would close that and not cancel the query.
          { key: "Mod-Enter", run: (view) => (closeCompletion(view), options.run(), true) },
          // These do nothing while no list is open, and then leave Enter and Escape to the others.
          ...completionKeymap,
          { key: "Escape", run: () => options.cancel() },
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...historyKeymap,
          ...lintKeymap,
        ]),
        lineNumbers(),
        lintGutter(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ override: [completions(options.names)], icons: false, defaultKeymap: false }),
        StreamLanguage.define(sparql),
        syntaxHighlighting(colours),
        EditorView.lineWrapping,
        EditorState.tabSize.of(2),
        EditorState.phrases.of(options.phrases),
        EditorView.contentAttributes.of({
          "aria-label": options.label,
          autocapitalize: "off",
          autocorrect: "off",
          spellcheck: "false",
          // It takes the focus anyway; checkers of accessibility know it by this.
          tabindex: "0",
          translate: "no",
        }),
        typeOver,
        refused,
        theme,
      ],
    }),
  });

  /** What a fault is marked on: the name or the sign there, or what stands before the end. */
  function range(fault: Fault): { from: number; to: number } {
    const { doc } = view.state;
    const line = doc.line(Math.max(1, Math.min(fault.line, doc.lines)));
    // Columns count characters, not the units of UTF-16.
    const before = Array.from(line.text).slice(0, fault.column - 1).join("").length;
    const from = Math.min(line.from + before, line.to);
    const there = /^(?:[?$]?[\p{L}\p{N}_:-]+|\S)/u.exec(doc.sliceString(from, line.to))?.[0] ?? "";
    return there === "" ? { from: Math.max(0, from - 1), to: from } : { from, to: from + there.length };
  }

  return {
    text: () => view.state.doc.toString(),
    setText(text) {
      if (text === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    focus: () => view.focus(),
    mark(fault) {
      const found = fault === null ? [] : [{ ...range(fault), severity: "error" as const, message: fault.message }];
      view.dispatch(setDiagnostics(view.state, found), { effects: setRefused.of(fault !== null) });
    },
    goTo(fault) {
      view.dispatch({ selection: { anchor: range(fault).from }, scrollIntoView: true });
      view.focus();
    },
  };
}
