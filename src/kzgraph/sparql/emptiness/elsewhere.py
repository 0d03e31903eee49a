"""Solutions that another property, subject or class has, for a triple pattern that leaves none."""

import re
from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode

from kzgraph.iri import term
from kzgraph.namespaces import Term
from kzgraph.prefixes import PREFIXES
from kzgraph.results.terms import plain
from kzgraph.sparql.emptiness.official import find_narrower
from kzgraph.sparql.emptiness.parts import Part, in_graph
from kzgraph.sparql.emptiness.probe import MOST_SHOWN, Probe, Reason, join, show

#: A property on its own, without the signs of a path.
_PROPERTY = re.compile(r"<[^>]*>|[\w.-]*:[\w.:-]+")
#: Properties that most things have, or that lead to most things: they say little.
_GENERAL = frozenset(
    {"rdf:type", "rdfs:isDefinedBy", "rdfs:label", "kzg:statedIn", "kzg:evidence", "org:unitOf"}
    | {"dcterms:isPartOf", "skos:inScheme", "owl:sameAs", "prov:wasDerivedFrom"}
)
#: Kinds of figures, in the order in which they stand in for one another.
_FIGURES = (
    *("ChosenFigure", "StatedFigure", "DerivedFigure"),
    *("OfficialHeadlineFigure", "OfficialHeadlineFlow"),
)
#: Vocabularies that tell how what is said hangs together.
_STRUCTURE = ("skos:", "prov:", "qb:", "owl:", "rdfs:")
_MOST_LINKS = 20
#: Classes that most values of properties are of.
_GENERAL_KINDS = frozenset({"skos:Concept", "prov:Entity", "kzg:Thing", "schema:Thing"})


def find_elsewhere(part: Part, others: Sequence[Part], probe: Probe) -> Iterator[Reason]:
    """What is found in place of `part`, where `others` alone have solutions; one reason at most."""
    if part.triple is None:
        return
    subject, path, _ = part.triple
    if path in ("a", "rdf:type"):
        yield from _find_kind(part, others, probe)
    elif _PROPERTY.fullmatch(path):
        steps = (_find_hop, _find_hop_and_property) if subject[0] in "?$" else ()
        for find in (find_narrower, _find_property, *steps):
            found = next(find(part, others, probe), None)
            if found is not None:
                yield found
                return


def find_subject(part: Part, others: Sequence[Part], probe: Probe) -> Iterator[Reason]:
    """Who has a property that the subject of the pattern, which it names, does not have."""
    assert part.triple is not None  # noqa: S101 - only such parts are asked
    subject, path, value = part.triple
    if subject[0] in "?$" or not _PROPERTY.fullmatch(path):
        return
    for rest in (join(others), ""):
        triple = in_graph(f"?kzgraph_subject {path} {value} .", part.graph)
        found = probe.list_values(f"{triple} {rest}", "?kzgraph_subject")
        if found:
            lacks = f"{subject} has no {path}"
            if probe.holds(part.with_object("?kzgraph_value")):
                lacks = f"{subject} has no {path} that fits"
            pattern = f"{in_graph(f'{found[0]} {path} {value} .', part.graph)} {rest}"
            yield Reason("elsewhere", f"{lacks}; {show(found)} has one.", pattern)
            return


def _find_kind(part: Part, others: Sequence[Part], probe: Probe) -> Iterator[Reason]:
    """Figures of another class that fit, named by their labels."""
    assert part.triple is not None  # noqa: S101 - it was chosen so
    subject, _, asked = part.triple
    if not asked.endswith(("Figure", "Figure>", "Flow", "Flow>")) or subject[0] not in "?$":
        return
    for name in _FIGURES:
        pattern = f"{join(others)} {in_graph(f'{subject} a {term(name)} .', part.graph)}"
        labels = (
            f'{pattern} {subject} rdfs:label ?kzgraph_label FILTER(LANG(?kzgraph_label) = "en")'
        )
        if not asked.endswith((f":{name}", f"{name}>")) and probe.holds(pattern):
            found = [plain(each) for each in probe.list_values(labels, "?kzgraph_label")]
            such = f": {'; '.join(found)}" if found else ""
            message = f"No {asked} fits, but there are solutions with kzg:{name}{such}."
            yield Reason("class", message, pattern)
            return


def _find_property(part: Part, others: Sequence[Part], probe: Probe) -> Iterator[Reason]:
    """Another property between the same two."""
    assert part.triple is not None  # noqa: S101 - it was chosen so
    subject, path, value = part.triple
    rest, kinds = join(others), _list_kinds(part, probe)
    if not _may_be_thing(value, kinds):
        return
    links = _list_links(f"{rest} {subject} ?kzgraph_link {value} . {kinds}", probe)
    if links:
        such = "things of the same kind" if value[0] in "?$" else value
        message = f"{subject} has no {path} that fits, but {show(links[:1])} leads to {such}."
        yield Reason("elsewhere", message, f"{rest} {subject} {links[0]} {value} .")


def _find_hop(part: Part, others: Sequence[Part], probe: Probe) -> Iterator[Reason]:
    """The property of a thing that is one step away."""
    assert part.triple is not None  # noqa: S101 - it was chosen so
    subject, path, value = part.triple
    rest = join(others)
    for start, end in ((_OTHER, subject), (subject, _OTHER)):
        tail = f"{_OTHER} {path} {value} ."
        step = f"{start} ?kzgraph_link {end} . {_apart(subject)}"
        links = _list_links(f"{rest} {tail} {step}", probe)
        if links:
            pattern = f"{rest} {start} {links[0]} {end} . {tail}"
            yield Reason(
                "elsewhere", _tell_hop(part, start, links[0], path, pattern, probe), pattern
            )
            return


def _find_hop_and_property(part: Part, others: Sequence[Part], probe: Probe) -> Iterator[Reason]:
    """Another property with values of the same kind, of a thing that is one step away."""
    assert part.triple is not None  # noqa: S101 - it was chosen so
    subject, _, value = part.triple
    rest, kinds = join(others), _list_kinds(part, probe)
    if not _may_be_thing(value, kinds):
        return
    for start, end in ((_OTHER, subject), (subject, _OTHER)):
        head = f"{rest} {start} ?kzgraph_link {end} . {_apart(subject)} {_apart(_OTHER)}"
        for link in _list_links(f"{head} {_OTHER} ?kzgraph_path {value} . {kinds}", probe):
            step = f"{rest} {start} {link} {end} . {_apart(_OTHER)}"
            paths = _list_links(f"{step} {_OTHER} ?kzgraph_link {value} . {kinds}", probe)
            if paths:
                pattern = f"{step} {_OTHER} {paths[0]} {value} ."
                name = show([paths[0]])
                yield Reason(
                    "elsewhere", _tell_hop(part, start, link, name, pattern, probe), pattern
                )
                return


_OTHER = "?kzgraph_other"


def _may_be_thing(value: str, kinds: str) -> bool:
    """Whether other properties may lead to `value` as well: it is named, or of these kinds."""
    return bool(kinds) if value[0] in "?$" else _PROPERTY.fullmatch(value) is not None


def _apart(subject: str) -> str:
    """A filter: facts lead to others that they are compared with, and these say little."""
    fact = f"VALUES ?kzgraph_fact {{ {term('Fact')} {term('Figure')} }}"
    return f"FILTER NOT EXISTS {{ {fact} {subject} a ?kzgraph_fact }}"


def _tell_hop(part: Part, start: str, link: Term, path: str, pattern: str, probe: Probe) -> str:
    assert part.triple is not None  # noqa: S101 - it was chosen so
    subject, asked, value = part.triple
    kinds = probe.list_values(
        f"{pattern} {_OTHER} a ?kzgraph_kind FILTER(STRSTARTS(STR(?kzgraph_kind),"
        f" '{PREFIXES['kzg']}') && ?kzgraph_kind NOT IN ({term('Fact')}, {term('Thing')}))",
        "?kzgraph_kind",
    )
    such = f" of the class {show(kinds[:1])}" if kinds else ""
    inner = f"?other {path} {value}"
    if start == _OTHER:
        step = f"?other {show([link])} {subject} ; {path} {value}"
    else:
        step = f"{subject} {show([link])} ?other . {inner}"
    return f"{subject} has no {asked} that fits; something{such} has {path}: try {step}."


def _list_kinds(part: Part, probe: Probe) -> str:
    """A pattern for what the values of the property usually are; empty where they are literals."""
    assert part.triple is not None  # noqa: S101 - it was chosen so
    query = (
        "SELECT DISTINCT ?kzgraph_kind { "
        f"?kzgraph_any {part.triple[1]} ?kzgraph_value . ?kzgraph_value a ?kzgraph_kind }} LIMIT 10"
    )
    found = [row[0] for row in probe.select(query) if isinstance(row[0], NamedNode)]
    kinds = [each for each in found if show([each]) not in _GENERAL_KINDS]
    if not kinds or part.triple[2][0] not in "?$":
        return ""
    values = " ".join(map(str, kinds))
    return f"{part.triple[2]} a ?kzgraph_kind . VALUES ?kzgraph_kind {{ {values} }}"


def _list_links(pattern: str, probe: Probe) -> list[Term]:
    """The properties that `?kzgraph_link` may be, the project's own first."""
    query = f"SELECT DISTINCT ?kzgraph_link {{ {pattern} }} LIMIT {_MOST_LINKS}"
    found = [row[0] for row in probe.select(query)]
    said = [
        each
        for each in found
        if show([each]) not in _GENERAL and not show([each]).startswith(_STRUCTURE)
    ]
    own = term("x").value[:-1]
    said.sort(
        key=lambda each: (each == term("about"), not str(each).startswith(f"<{own}"), str(each))
    )
    return said[:MOST_SHOWN]
