"""Filters of text that nothing passes: how the text is written, or where it stands, instead.

The texts that failed a filter are never listed: they are long, and tell nothing.
"""

import re
from collections.abc import Iterator, Sequence

from kzgraph.folding import fold_text
from kzgraph.iri import term
from kzgraph.namespaces import Term
from kzgraph.sparql.emptiness.parts import Part
from kzgraph.sparql.emptiness.probe import MOST_SHOWN, Probe, Reason, join, show

_FUNCTION = re.compile(r"\b(?:CONTAINS|STRSTARTS|STRENDS|REGEX)\s*\(", re.IGNORECASE)
_SUBJECT = re.compile(r"\(\s*([?$]\w+)|\b(?:LCASE|UCASE|STR)\s*\(\s*([?$]\w+)", re.IGNORECASE)
_TEXT = re.compile(r""""([^"\\]+)"|'([^'\\]+)'""")
_SPECIAL = re.compile(r"[\^$.*+?|()\[\]{}]")
#: How an address begins, which is easily written otherwise than in an IRI.
_SCHEME = re.compile(r"https?://(?:www\.)?")
_FOLDED = (
    "kzg:searchText is folded: it has names in lower case, and without the dots of ё, with Russian "
    "letters for Kazakh ones and Latin letters without marks"
)


def is_of_text(part: Part) -> bool:
    """Whether a part is a filter that looks for a text within others."""
    return part.is_filter and _FUNCTION.search(part.text) is not None


def explain_texts(parts: Sequence[Part], probe: Probe) -> Iterator[Reason]:
    """What to look for, or where, in place of filters that leave nothing."""
    for part in parts:
        function = _FUNCTION.search(part.text) if part.is_filter else None
        texts, variables = list(_TEXT.finditer(part.text)), _SUBJECT.search(part.text)
        if function is None or variables is None or len(texts) != 1 or "!" in part.text:
            continue
        others = [each for each in parts if each is not part]
        variable = variables[1] or variables[2]
        wanted = texts[0][1] or texts[0][2]
        is_pattern = function[0].upper().startswith("REGEX")
        if (is_pattern and _SPECIAL.search(wanted)) or not probe.holds(join(others)):
            continue
        source = next((each for each in others if each.triple and each.triple[2] == variable), None)
        if source is not None and source.triple is not None:
            yield from _explain(part, others, source, wanted, probe)


def _explain(
    part: Part, others: Sequence[Part], source: Part, wanted: str, probe: Probe
) -> Iterator[Reason]:
    assert source.triple is not None  # noqa: S101 - it was chosen so
    subject, path, variable = source.triple
    folded = fold_text(wanted)
    is_search = path in ("kzg:searchText", str(term("searchText")))
    if '"' in folded or "\\" in folded:
        return
    if _SCHEME.match(wanted):
        rest = _SCHEME.sub("", wanted, count=1)
        attempt = f'FILTER(ISIRI({variable}) && CONTAINS(STR({variable}), "{rest}"))'
        found = probe.list_values(f"{join(others)} {attempt}", variable)
        if found:
            message = f'No {path} that fits has "{wanted}", but {variable} is {show(found)}.'
            yield Reason("other-text", message, f"{join(others)} {attempt}")
            return
    lower = f'FILTER(CONTAINS({variable if is_search else f"LCASE({variable})"}, "{{}}"))'
    for text in dict.fromkeys((folded, wanted.lower(), wanted) if is_search else (wanted.lower(),)):
        attempt = lower.format(text)
        if probe.holds(f"{join(others)} {attempt}"):
            why = _FOLDED if is_search else f"No {path} that fits meets the filter as it is"
            message = f"{why}: with {attempt} there are solutions."
            yield Reason("other-text", message, f"{join(others)} {attempt}")
            return
    quoted = f'"{wanted}"'
    search = f'kzg:searchText ?kzgraph_text . FILTER(CONTAINS(?kzgraph_text, "{folded}"))'
    rest = join([each for each in others if each is not source])
    here = f"{rest} {subject} {search}"
    if not is_search and probe.holds(here):
        message = f"No {path} that fits has {quoted}, but {subject} kzg:searchText has it."
        yield Reason("other-text", message, here)
        return
    condition = f'CONTAINS(LCASE(STR(?kzgraph_text)), "{wanted.lower()}")'
    near = (
        f"{rest} {subject} ?kzgraph_link ?kzgraph_other . ?kzgraph_other ?kzgraph_path"
        f" ?kzgraph_text . FILTER(ISLITERAL(?kzgraph_text) && {condition} &&"
        " ?kzgraph_path != kzg:searchText)"
    )
    rows = probe.select(
        f"SELECT DISTINCT ?kzgraph_link ?kzgraph_path {{ {near} }}"
        f" ORDER BY ?kzgraph_link ?kzgraph_path LIMIT {MOST_SHOWN}"
    )
    if rows:
        link, path_there = rows[0]
        steps = f"{show([link])}/{show([path_there])}"
        message = f"No {path} that fits has {quoted}, but {subject} {steps} has it."
        kept = f"{rest} {subject} {link}/{path_there} ?kzgraph_text . FILTER({condition})"
        yield Reason("other-text", message, kept)
        return
    # Where the text occurs by itself, it is another part that leaves nothing.
    if not probe.holds(f"{source.text} {part.text}"):
        yield from _explain_away(path, wanted, folded, probe)


def _explain_away(path: str, wanted: str, folded: str, probe: Probe) -> Iterator[Reason]:
    """Where the text occurs at all, or which of its words do."""
    found = _find_things(folded, probe)
    if found:
        pattern = f'?x kzg:searchText ?text FILTER(CONTAINS(?text, "{folded}"))'
        message = f'No {path} that fits has "{wanted}"; kzg:searchText of {show(found)} has it.'
        yield Reason("other-text", message, pattern)
        return
    words = [word for word in folded.split() if len(word) > 2]
    if len(words) > 1:
        known = [word for word in words[:6] if _find_things(word, probe)]
        such = f"; it has {', '.join(known)}" if known else ", nor any of the words"
        message = f'No kzg:searchText has "{folded}"{such}.'
        word = f'?x kzg:searchText ?text FILTER(CONTAINS(?text, "{known[0]}"))' if known else None
        yield Reason("other-text", message, word)
        return
    message = f'No {path} that fits has "{wanted}", and no kzg:searchText has "{folded}".'
    yield Reason("other-text", message)


def _find_things(text: str, probe: Probe) -> list[Term]:
    pattern = f'?kzgraph_x kzg:searchText ?kzgraph_text FILTER(CONTAINS(?kzgraph_text, "{text}"))'
    return probe.list_values(pattern, "?kzgraph_x")
