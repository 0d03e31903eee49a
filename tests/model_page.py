"""The tables of docs/model.md, made from the ontology, the shapes, a release and sources.

`make model-page` writes them anew between the marks of the page; a test compares. What stands
outside the marks is written by hand.
"""

import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store

from built_graph import built_with_sources
from kzgraph.iri import GRAPH, ID, ONTOLOGY
from kzgraph.prefixes import PREFIXES, shorten

PAGE = Path(__file__).parents[1] / "docs" / "model.md"
_MARK = re.compile(r"(<!-- (\w+): (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)

#: The graphs that describe and check the data; what is typed only there is no kind of thing.
_VOCABULARY = ("ontology", "shapes")
#: Classes that say so little of a value that a narrower one is named where there is one.
_WIDE = {
    *(f"{PREFIXES[each]}{name}" for each, name in (("prov", "Entity"), ("schema", "Thing"))),
    f"{PREFIXES['qb']}Observation",
    # Who states a figure, and whether to sum it, says less than what it is a figure of.
    f"{ONTOLOGY}StatedFigure",
    f"{ONTOLOGY}ChosenFigure",
    f"{ONTOLOGY}HeadlineFigure",
    f"{ONTOLOGY}OfficialHeadlineFigure",
    f"{ONTOLOGY}OfficialHeadlineFlow",
}
_COUNTRY = f"{PREFIXES['schema']}Country"

#: Above so many kinds of value they are named by what they have in common.
_MANY = 5

Term = NamedNode | BlankNode | Literal
Row = Sequence[Term | None]


class Release:
    """What a release holds, by class and property.

    Args:
        store: its quads, all graphs.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def rows(self, query: str) -> Iterator[Row]:
        """The solutions of a SELECT query over all graphs."""
        found = self._store.query(query, use_default_graph_as_union=True, prefixes=dict(PREFIXES))
        assert isinstance(found, QuerySolutions)
        names = [variable.value for variable in found.variables]
        for solution in found:
            yield [solution[name] for name in names]

    @cached_property
    def classes(self) -> dict[str, set[str]]:
        """The things of each class in the graphs of the data."""
        vocabulary = ", ".join(f"<{GRAPH}{name}>" for name in _VOCABULARY)
        found = defaultdict(set)
        for node, kind in self.rows(
            "SELECT ?s ?c { GRAPH ?g { ?s a ?c }"
            f" FILTER(ISIRI(?s) && ISIRI(?c) && ?g NOT IN ({vocabulary})"
            # What is described as a term is one, in whatever graph a consequence of it stands.
            f" && !STRSTARTS(STR(?s), '{ONTOLOGY}')) FILTER NOT EXISTS {{"
            f" GRAPH <{GRAPH}ontology> {{ ?s a ?t }} }} }}"
        ):
            found[_iri(kind)].add(_iri(node))
        return dict(found)

    @cached_property
    def statements(self) -> dict[str, dict[str, list[Term]]]:
        """What is said of each thing: its values by property."""
        found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for node, link, value in self.rows("SELECT ?s ?p ?o { ?s ?p ?o FILTER(ISIRI(?s)) }"):
            assert value is not None
            found[_iri(node)][_iri(link)].append(value)
        return found

    @cached_property
    def limits(self) -> dict[tuple[str, str], tuple[int, int | None]]:
        """How often the shapes let a property stand at a thing of a class: least, most."""
        found: dict[tuple[str, str], tuple[int, int | None]] = {}
        for kind, link, least, most in self.rows(
            "SELECT ?c ?p ?min ?max { ?shape sh:targetClass ?c ; sh:property ?property ."
            " ?property sh:path ?p FILTER(ISIRI(?p)) OPTIONAL { ?property sh:minCount ?min }"
            " OPTIONAL { ?property sh:maxCount ?max } }"
        ):
            key = (_iri(kind), _iri(link))
            found[key] = _narrower(found.get(key, (0, None)), _number(least) or 0, _number(most))
        return found

    @cached_property
    def datatypes(self) -> set[str]:
        """The datatypes of the project."""
        rows = self.rows(
            f"SELECT ?t {{ ?t a rdfs:Datatype FILTER(STRSTARTS(STR(?t), '{ONTOLOGY}')) }}"
        )
        return {_iri(row[0]) for row in rows}

    @cached_property
    def broader(self) -> dict[str, set[str]]:
        """The classes and properties above each one."""
        found = defaultdict(set)
        for narrow, wide in self.rows(
            "SELECT ?a ?b { ?a (rdfs:subClassOf|rdfs:subPropertyOf)+ ?b FILTER(ISIRI(?b)) }"
        ):
            found[_iri(narrow)].add(_iri(wide))
        return found

    @cached_property
    def coded(self) -> set[str]:
        """The properties whose values are codes of a list."""
        return {_iri(row[0]) for row in self.rows("SELECT ?p { ?p qb:codeList ?list }")}

    @cached_property
    def functional(self) -> set[str]:
        """The properties of which a thing has at most one value by the ontology."""
        return {_iri(row[0]) for row in self.rows("SELECT ?p { ?p a owl:FunctionalProperty }")}

    def properties(self, kind: str) -> dict[str, list[Term]]:
        """The values of each property that things of a class have."""
        found: dict[str, list[Term]] = defaultdict(list)
        for node in sorted(self.classes[kind]):
            for link, values in self.statements[node].items():
                found[link].extend(values)
        found.pop(f"{PREFIXES['rdf']}type", None)
        return found

    def shared_types(self, kind: str) -> set[str]:
        """The other classes that all things of a class have."""
        things = self.classes[kind]
        return {each for each, others in self.classes.items() if things <= others} - {kind}

    def is_wide(self, kind: str) -> bool:
        """Whether several classes divide the things of one."""
        things = self.classes[kind]
        return sum(others < things for others in self.classes.values()) > 1

    def many(self, kind: str, link: str) -> str:
        """How many values of a property a thing of a class has, in words."""
        limit: tuple[int, int | None] = (0, 1) if link in self.functional else (0, None)
        for each in {kind, *self.shared_types(kind)}:
            limit = _narrower(limit, *self.limits.get((each, link), (0, None)))
        languages = self._languages(kind, link)
        if languages and max(languages.values()) == 1:
            number = "one" if limit[0] else "at most one"
            return f"{number} in {'each language' if len(languages) > 1 else 'English'}"
        least, most = limit
        return _WORDS.get(limit, f"exactly {most}" if least == most else f"{least} to {most}")

    def _languages(self, kind: str, link: str) -> dict[str, int]:
        """The languages of a property's texts, with how many one thing has at most in it."""
        found: dict[str, int] = {}
        for node in self.classes[kind]:
            own: dict[str, int] = defaultdict(int)
            for value in self.statements[node].get(link, []):
                if isinstance(value, Literal) and value.language:
                    own[value.language] += 1
            for language, number in own.items():
                found[language] = max(found.get(language, 0), number)
        return found

    def kinds(self, link: str, values: Iterable[Term]) -> str:
        """What the values of a property are: code lists, classes or data types."""
        found: dict[str, int] = defaultdict(int)
        for value in values:
            for name in self._kinds_of(value, link):
                found[name] += 1
        if len(found) > _MANY:
            found = dict.fromkeys(map(self._in_short, found), 0)
        return ", ".join(sorted(found))

    def _in_short(self, name: str) -> str:
        """What the values of many classes and code lists have in common."""
        if name.startswith("a code of "):
            return "a code"
        iri = full(name.strip("`")) if name.startswith("`") else ""
        above = {iri, *self.broader.get(iri, ())}
        wide = [term for term in ("Figure", "Fact") if ONTOLOGY + term in above]
        return f"any `{short(ONTOLOGY + wide[0])}`" if wide else name

    def _kinds_of(self, value: Term, link: str) -> Iterable[str]:
        if isinstance(value, Literal):
            return ["text" if value.language else f"`{short(value.datatype.value)}`"]
        if isinstance(value, BlankNode):
            return ["a node without a name"]
        said = self.statements.get(value.value, {})
        types = {_iri(each) for each in said.get(f"{PREFIXES['rdf']}type", [])}
        schemes = [_iri(each) for each in said.get(f"{PREFIXES['skos']}inScheme", [])]
        # A country is a code as that which people come from, and else a country.
        if schemes and (link in self.coded or _COUNTRY not in types):
            return [f"a code of [{_last(each)}](#{_last(each)})" for each in schemes]
        if _COUNTRY in types:
            return [f"`{short(_COUNTRY)}`"]
        narrow = self._narrowest(types) - _WIDE or self._narrowest(types - _WIDE)
        return [f"`{short(each)}`" for each in narrow] or ["an address"]

    def _narrowest(self, types: set[str]) -> set[str]:
        return types - {wide for each in types for wide in self.broader.get(each, ())} or types

    def english(self, node: str, link: str) -> str:
        """The English text that a thing has under a property."""
        texts = [v for v in self.statements[node].get(link, []) if isinstance(v, Literal)]
        return next((v.value for v in texts if v.language == "en"), "")


_WORDS = {
    (0, 1): "at most one",
    (0, None): "any number",
    (1, 1): "exactly one",
    (1, None): "one or more",
}


def _narrower(
    limit: tuple[int, int | None], least: int, most: int | None
) -> tuple[int, int | None]:
    known = [each for each in (limit[1], most) if each is not None]
    return max(limit[0], least), min(known) if known else None


def _iri(term: Term | None) -> str:
    assert isinstance(term, NamedNode | BlankNode)
    return term.value


def _number(term: Term | None) -> int | None:
    return int(term.value) if isinstance(term, Literal) else None


def _last(iri: str) -> str:
    return iri.rpartition("/")[2]


def short(iri: str) -> str:
    """An IRI with its prefix, the path of a thing."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and not namespace.startswith(ID):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri.removeprefix(ID)


def full(name: str) -> str:
    """The IRI of a prefixed name."""
    prefix, _, local = name.partition(":")
    return str(PREFIXES[prefix]) + local


def class_table(release: Release, name: str) -> str:
    """The properties of a class: the project's own first, then those that repeat them elsewhere.

    Of a class with several narrower ones, only what all its things have.
    """
    kind = full(name)
    properties = release.properties(kind)
    if release.is_wide(kind):
        properties = {
            link: values
            for link, values in properties.items()
            if all(link in release.statements[node] for node in release.classes[kind])
        }
    repeated = {
        wide
        for link in properties
        if link.startswith(ONTOLOGY)
        for wide in release.broader.get(link, ())
        if not wide.startswith(ONTOLOGY)
    }
    lines = ["| property | how many | values |", "| --- | --- | --- |"]
    for link in sorted(
        set(properties) - repeated, key=lambda link: (not link.startswith(ONTOLOGY), link)
    ):
        values = release.kinds(link, properties[link])
        lines.append(f"| `{short(link)}` | {release.many(kind, link)} | {values} |")
    also = sorted(short(link) for link in repeated & set(properties))
    if also:
        lines += ["", f"The same under other names: {_listed(also)}."]
    types = sorted(short(each) for each in release.shared_types(kind))
    if types:
        lines += ["", f"Its other classes: {_listed(types)}."]
    return "\n".join(lines)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def property_table(release: Release, _: str) -> str:
    """The project's own properties, with their definitions."""
    datatypes = release.datatypes
    return _definitions(
        release, lambda term: term[len(ONTOLOGY)].islower() and term not in datatypes
    )


def datatype_table(release: Release, _: str) -> str:
    """The project's own datatypes, with their definitions and a value of each."""
    values = sorted(
        (
            value
            for links in release.statements.values()
            for found in links.values()
            for value in found
            if isinstance(value, Literal) and value.datatype.value in release.datatypes
        ),
        key=lambda value: value.value,
        reverse=True,
    )
    first = {value.datatype.value: value.value for value in values}
    lines = ["| datatype | what it is | such as |", "| --- | --- | --- |"]
    for term in sorted(release.datatypes):
        definition = release.english(term, f"{PREFIXES['skos']}definition")
        example = f'`"{first[term]}"^^{short(term)}`' if term in first else "none yet"
        lines.append(f"| `{short(term)}` | {definition} | {example} |")
    return "\n".join(lines)


def class_definitions(release: Release, _: str) -> str:
    """The project's own classes, with their definitions."""
    return _definitions(release, lambda term: term[len(ONTOLOGY)].isupper())


def _definitions(release: Release, chosen: Callable[[str], bool]) -> str:
    definition = f"{PREFIXES['skos']}definition"
    said = {link for links in release.statements.values() for link in links}
    lines = ["| term | what it says |", "| --- | --- |"]
    for term in filter(chosen, own_terms(release)):
        unused = "" if term in said | set(release.classes) else " None in the three documents."
        lines.append(f"| `{short(term)}` | {release.english(term, definition)}{unused} |")
    return "\n".join(lines)


def own_terms(release: Release) -> list[str]:
    """The classes and properties of the project."""
    rows = release.rows(f"SELECT DISTINCT ?t {{ ?t rdfs:isDefinedBy <{ONTOLOGY[:-1]}> }}")
    return sorted(_iri(row[0]) for row in rows if _iri(row[0]).startswith(ONTOLOGY))


def schemes(release: Release) -> list[str]:
    """The code lists, by the last part of their paths."""
    return sorted(_last(each) for each in release.classes[f"{PREFIXES['skos']}ConceptScheme"])


def code_lists(release: Release, _: str) -> str:
    """Each code list with its codes and their English labels; of countries the first.

    Currencies that a source brings along have no name but their code, and are left out.
    """
    label, within = f"{PREFIXES['rdfs']}label", f"{PREFIXES['skos']}inScheme"
    countries = release.classes[_COUNTRY]
    codes = defaultdict(list)
    for code in sorted(release.statements):
        for each in release.statements[code].get(within, []):
            if release.english(code, label) != _last(code):
                codes[_iri(each)].append(code)
    parts = []
    for scheme in sorted(release.classes[f"{PREFIXES['skos']}ConceptScheme"]):
        own = [code for code in codes[scheme] if code not in countries]
        named = [f"`{shorten(code)}` {release.english(code, label)}" for code in own]
        first = next((code for code in codes[scheme] if code in countries), None)
        if first is not None:
            such = f"`{shorten(first)}` {release.english(first, label)}"
            named.append(f"and the countries that people come from, such as {such}")
        listed = ", ".join(named)
        parts.append(f"### {_last(scheme)}\n\n{release.english(scheme, label)}: {listed}.")
    return "\n\n".join(parts)


def vocabulary_table(release: Release, _: str) -> str:
    """The classes of the graphs of the vocabulary and of the shapes, with their properties."""
    graphs = ", ".join(f"<{GRAPH}{name}>" for name in _VOCABULARY)
    links = defaultdict(set)
    for one, other in release.rows(
        "SELECT DISTINCT ?c ?p { GRAPH ?g { ?s a ?c ; ?p ?o }"
        f" FILTER(?g IN ({graphs}) && ?p != rdf:type && ISIRI(?c)) }}"
    ):
        links[_iri(one)].add(_iri(other))
    lines = ["| class | properties |", "| --- | --- |"]
    for kind in sorted(set(links) - set(release.classes)):
        lines.append(f"| `{short(kind)}` | {_listed(sorted(map(short, links[kind])))} |")
    return "\n".join(lines)


_MAKERS: dict[str, Callable[[Release, str], str]] = {
    "class": class_table,
    "classes": class_definitions,
    "properties": property_table,
    "datatypes": datatype_table,
    "codes": code_lists,
    "vocabulary": vocabulary_table,
}


def filled(page: str, release: Release) -> str:
    """The page with the tables of a release between its marks."""

    def write(mark: re.Match[str]) -> str:
        return f"{mark[1]}\n{_MAKERS[mark[2]](release, mark[3])}\n\n{mark[4]}"

    return _MARK.sub(write, page)


def with_sources(release: Store) -> Store:
    """A release of the documents, and what sources say beside them, in memory."""
    store = Store()
    store.bulk_extend({*release, *built_with_sources()})
    return store


def main() -> None:
    """Build a release of the three documents, and write the tables anew."""
    from fixed_tables import fixed_tables
    from kzgraph.build import build

    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        build(fixed_tables(root), root / "releases")
        store = with_sources(Store.read_only(str(root / "releases" / "current" / "store")))
        PAGE.write_text(filled(PAGE.read_text("utf-8"), Release(store)), "utf-8")


if __name__ == "__main__":
    main()
