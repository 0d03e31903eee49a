"""The competency questions as data: the graph `examples`.

Each is an executable of SHACL, https://www.w3.org/TR/shacl-af/#SPARQLExecutable in its terms, as
the programs of the SIB read them: https://github.com/sib-swiss/sparql-examples. These show the
comment alone, so that it begins with the question.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kzgraph.iri import BASE, graph, thing
from kzgraph.namespaces import LABEL, LANGUAGES, RDFS, SCHEMA, SH, SPEX, TYPE, XSD, Term
from kzgraph.prefixes import PREDECLARED
from kzgraph.resources import folder

#: The endpoint that the queries are for, whatever server answers for it.
ENDPOINT = NamedNode(f"{BASE}sparql")
#: The prefixes that a query need not declare, in one set of declarations.
PREFIX_SET = NamedNode(f"{BASE}sparql#prefixes")
#: Those that call other endpoints are in a folder of their own: what runs all examples needs none.
FEDERATED = "federated"
#: Its name in the folder of queries.
TRANSLATIONS = "translations.csv"
#: What the first lines of a query say, in this order.
HEADER = ("title", "topic", "user", "keywords", "answers")

_EXAMPLES = graph("examples")
_OPENING = re.compile(r"# (\w+): (.+)\n")
_FORM = re.compile(r"^[ \t]*(SELECT|ASK|CONSTRUCT)\b", re.MULTILINE | re.IGNORECASE)
_SERVICE = re.compile(
    r"^[^#\n]*\bSERVICE\s+(?:SILENT\s+)?<([^>\s]+)>", re.MULTILINE | re.IGNORECASE
)
#: Words that are no part of a name in an address.
_NOT_NAME = re.compile(r"[^a-z0-9]+")

#: Texts by language, by their part (`title`, `answers`, `keyword`, `user`) and their English; of a
#: topic by the word that names it.
Translations = Mapping[tuple[str, str], Mapping[str, str]]


@dataclass(frozen=True)
class Example:
    """A question as a query.

    Attributes:
        number: three digits, which name its file and its IRI.
        title: the question.
        topic: what it is about, in a word that names it in addresses.
        user: the kind of person who asks it.
        keywords: in the order of the file.
        answers: what the answer holds.
        form: `select`, `ask` or `construct`.
        query: the query without what its first lines say.
        endpoints: the other endpoints that it calls, each named by its address.
    """

    number: str
    title: str
    topic: str
    user: str
    keywords: tuple[str, ...]
    answers: str
    form: str
    query: str
    endpoints: tuple[str, ...] = ()


def read_examples(queries: Path | None = None) -> list[Example]:
    """The examples of a folder, in the order of their numbers.

    Args:
        queries: the folder; by default the one that ships with kzgraph.

    Raises:
        ValueError: a query lacks one of its first lines, or is neither a SELECT, an ASK nor a
            CONSTRUCT; names the file.
    """
    top = queries or folder("queries")
    paths = sorted([*top.glob("*.rq"), *(top / FEDERATED).glob("*.rq")], key=lambda path: path.name)
    return [_read(path.name, path.read_text("utf-8")) for path in paths]


def _read(name: str, text: str) -> Example:
    said: dict[str, str] = {}
    while opening := _OPENING.match(text):
        said[opening[1]] = opening[2].strip()
        text = text[opening.end() :]
    missing = [each for each in HEADER if each not in said]
    if missing:
        raise ValueError(f"{name}: its first lines lack `# {missing[0]}: ...`")
    form = _FORM.search(text)
    if form is None:
        raise ValueError(f"{name}: it is neither a SELECT, an ASK nor a CONSTRUCT")
    keywords = tuple(each.strip() for each in said["keywords"].split(","))
    return Example(
        name.partition("-")[0],
        said["title"],
        said["topic"],
        said["user"],
        keywords,
        said["answers"],
        form[1].lower(),
        text.strip(),
        tuple(dict.fromkeys(_SERVICE.findall(text))),
    )


def read_translations(queries: Path | None = None) -> dict[tuple[str, str], dict[str, str]]:
    """The texts of a folder of queries in each language; nothing for those that are not there.

    A translation holds for the English that stands next to it: where that was changed in the query,
    the label is in English alone until somebody looks at the row again.

    Args:
        queries: the folder; by default the one that ships with kzgraph.
    """
    path = (queries or folder("queries")) / TRANSLATIONS
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            (row["part"], row["of"] if row["part"] == "topic" else row["en"]): {
                language: row[language] for language in LANGUAGES if row[language]
            }
            for row in csv.DictReader(file)
        }


def example_quads(queries: Path | None = None) -> Iterator[Quad]:
    """The graph `examples`: the questions, their topics, who asks, and the prefixes.

    Args:
        queries: the folder; by default the one that ships with kzgraph.

    Raises:
        ValueError: see `read_examples`.
    """
    examples, translations = read_examples(queries), read_translations(queries)
    for example in examples:
        yield from _executable(example, translations)
    for name in sorted({each.topic for each in examples}):
        yield from _named(_topic(name), SCHEMA["CategoryCode"], "topic", name, translations)
    for name in sorted({each.user for each in examples}):
        yield from _named(_audience(name), SCHEMA["Audience"], "user", name, translations)
    for declared in declare_prefixes():
        yield Quad(declared.subject, declared.predicate, declared.object, _EXAMPLES)


def declare_prefixes() -> Iterator[Triple]:
    """The prefixes that a query need not declare: https://www.w3.org/TR/shacl/#sparql-prefixes."""
    for prefix, namespace in PREDECLARED.items():
        declared = NamedNode(f"{BASE}sparql#prefix-{prefix}")
        yield Triple(PREFIX_SET, SH["declare"], declared)
        yield Triple(declared, TYPE, SH["PrefixDeclaration"])
        yield Triple(declared, SH["prefix"], Literal(prefix))
        yield Triple(declared, SH["namespace"], Literal(namespace, datatype=XSD["anyURI"]))


def _executable(example: Example, translations: Translations) -> Iterator[Quad]:
    node = thing("example", example.number)
    yield _quad(node, TYPE, SH["SPARQLExecutable"])
    yield _quad(node, TYPE, SH[f"SPARQL{example.form.capitalize()}Executable"])
    titles = _in_languages("title", example.title, translations)
    answers = _in_languages("answers", example.answers, translations)
    yield from _texts(node, LABEL, titles)
    whole = {each: f"{titles[each]} {answers[each]}" for each in titles if each in answers}
    yield from _texts(node, RDFS["comment"], whole)
    yield from _texts(node, SCHEMA["abstract"], answers)
    for keyword in example.keywords:
        keywords = _in_languages("keyword", keyword, translations)
        yield from _texts(node, SCHEMA["keywords"], keywords)
    yield _quad(node, SCHEMA["about"], _topic(example.topic))
    yield _quad(node, SCHEMA["audience"], _audience(example.user))
    yield _quad(node, SCHEMA["target"], ENDPOINT)
    for endpoint in example.endpoints:
        yield _quad(node, SPEX["federatesWith"], NamedNode(endpoint))
    yield _quad(node, SH["prefixes"], PREFIX_SET)
    yield _quad(node, SH[example.form], Literal(example.query))


def _named(
    node: NamedNode, kind: NamedNode, part: str, name: str, translations: Translations
) -> Iterator[Quad]:
    yield _quad(node, TYPE, kind)
    yield from _texts(node, LABEL, _in_languages(part, name, translations))


def _in_languages(part: str, english: str, translations: Translations) -> dict[str, str]:
    """A text by language; in English alone where there is no translation of it."""
    return {"en": english} | dict(translations.get((part, english), {}))


def _texts(node: NamedNode, name: NamedNode, texts: Mapping[str, str]) -> Iterator[Quad]:
    for language, text in texts.items():
        yield _quad(node, name, Literal(text, language=language))


def _topic(name: str) -> NamedNode:
    return thing("topic", _NOT_NAME.sub("-", name.lower()))


def _audience(name: str) -> NamedNode:
    return thing("audience", _NOT_NAME.sub("-", name.lower()))


def _quad(subject: NamedNode, predicate: NamedNode, value: Term) -> Quad:
    return Quad(subject, predicate, value, _EXAMPLES)
