"""`/examples`: the questions that the release answers, each with its query, by topic.

They are read from the graph `examples`, so that the page of an earlier release shows its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from pyoxigraph import Literal, NamedNode

from kzgraph.folding import fold_text
from kzgraph.iri import ID, graph
from kzgraph.namespaces import LABEL, SCHEMA, SH, SPEX, TYPE, Term
from kzgraph.problem import Problem
from kzgraph.rdf.formats import HTML, Format
from kzgraph_server.allow_list import allow_list
from kzgraph_server.descriptions.links import offer
from kzgraph_server.negotiate import negotiate
from kzgraph_server.pages.downloads import list_formats, send_graph
from kzgraph_server.pages.language import get_language, in_languages, order_languages
from kzgraph_server.pages.releases import JSON
from kzgraph_server.pages.views import View, address
from kzgraph_server.served import Served, compute_once, get_served

_GRAPH = graph("examples")
_FORMS = tuple(SH[each] for each in ("select", "ask", "construct"))
#: The longest text that is searched for; the rest of a longer one says no more.
_MOST_LETTERS = 200

blueprint = Blueprint("examples", __name__)


@dataclass(frozen=True)
class Example:
    """An example query, in all languages.

    Attributes:
        node: its IRI.
        number: what names it, as in `#example-005`.
        titles: the question by language; likewise `answers`, what the answer holds.
        keywords: what it is found by, by language.
        topic: the IRI of what it is about, with its names; likewise `user`, who asks it.
        query: the query.
        endpoints: the other endpoints that it asks.
        text: all of the words by which it is found, folded.
    """

    node: NamedNode
    number: str
    titles: Mapping[str, str]
    answers: Mapping[str, str]
    keywords: Mapping[str, list[str]]
    topic: tuple[str, Mapping[str, str]]
    user: tuple[str, Mapping[str, str]]
    query: str
    endpoints: tuple[str, ...]
    text: str

    @property
    def topic_name(self) -> str:
        """What names its topic in addresses."""
        return self.topic[0].rpartition("/")[2]

    def run_at(self) -> str | None:
        """The address of the query page with its result; None where the server may not run it."""
        may_call = allow_list(get_served().settings.service_allow)
        if not may_call.issuperset(self.endpoints):
            return None
        return url_for("sparql.page", query=self.query)

    def edit_at(self) -> str:
        """The address of the query page with the query in its editor, not yet run."""
        # The part behind the hash is not sent to the server: nothing is run by following it.
        return f"{url_for('sparql.page')}#query={quote(self.query, safe='')}"

    def page_at(self) -> str | None:
        """The address of its page as a thing."""
        return address(self.node)

    def to_json(self) -> dict[str, Any]:
        """What a program reads."""
        return {
            "iri": self.node.value,
            "number": self.number,
            "title": self.titles,
            "answers": self.answers,
            "keywords": self.keywords,
            "topic": {"iri": self.topic[0], "name": self.topic[1]},
            "user": {"iri": self.user[0], "name": self.user[1]},
            "query": self.query,
        }


@blueprint.get("/examples")
@in_languages
def show() -> Response:
    """The examples as a page, as JSON, or as the graph that holds them."""
    formats = _graph_formats()
    offer((HTML, JSON, *formats))
    chosen = negotiate((HTML, JSON, *formats))
    if chosen.format not in (HTML, JSON):
        return send_graph(_GRAPH.value, chosen)
    every = compute_once(read_published)
    words, topic = request.args.get("q", "")[:_MOST_LETTERS], request.args.get("topic", "")
    found = find_examples(every, words, topic)
    if chosen.format is JSON:
        return jsonify({"examples": [each.to_json() for each in found]})
    counted: dict[str, int] = defaultdict(int)
    for each in every:
        counted[each.topic_name] += 1
    names = {each.topic_name: each.topic[1] for each in every}
    topics = [(name, pick(names[name]), number) for name, number in counted.items()]
    text = render_template(
        "examples.html",
        every=len(every),
        found=found,
        groups=[
            (name, title, shown)
            for name, title, _ in topics
            if (shown := [each for each in found if each.topic_name == name])
        ],
        topics=topics,
        topic=topic if topic in counted else "",
        words=words,
        pick=pick,
        list_keywords=_list_keywords,
        formats=formats,
    )
    return Response(text, content_type=HTML.content_type)


def pick(texts: Mapping[str, str]) -> View:
    """A text in the language of the page, else in the best one that there is."""
    for language in order_languages(get_language()):
        if language in texts:
            return View(texts[language], language=language or None)
    return View("")


def _list_keywords(example: Example) -> list[str]:
    languages = order_languages(get_language())
    return next((example.keywords[each] for each in languages if each in example.keywords), [])


def find_examples(examples: Iterable[Example], words: str, topic: str) -> list[Example]:
    """The examples of a topic that each word is in, as it is or within another.

    Args:
        examples: all of them.
        words: what is looked for, in any language; nothing finds all.
        topic: what names one, or nothing.
    """
    wanted = fold_text(words).split()
    return [
        each
        for each in examples
        if (not topic or each.topic_name == topic) and all(word in each.text for word in wanted)
    ]


def _graph_formats() -> list[Format]:
    """The formats of the graph; none where the release is older than the graph."""
    try:
        return list_formats(_GRAPH.value)
    except Problem:
        return []


def read_published(now: Served) -> list[Example]:
    """The examples of a release, by their numbers."""
    said: dict[Term, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for quad in now.store.quads_for_pattern(None, None, None, _GRAPH):
        said[quad.subject][quad.predicate].append(quad.object)
    found = [
        _read(node, about, said)
        for node, about in said.items()
        if isinstance(node, NamedNode) and SH["SPARQLExecutable"] in about[TYPE]
    ]
    return sorted(found, key=lambda each: each.number)


def _read(
    node: NamedNode,
    about: Mapping[NamedNode, list[Term]],
    said: Mapping[Term, Mapping[NamedNode, list[Term]]],
) -> Example:
    keywords: dict[str, list[str]] = defaultdict(list)
    for each in about.get(SCHEMA["keywords"], []):
        if isinstance(each, Literal):
            keywords[each.language or ""].append(each.value)

    def named(predicate: NamedNode) -> tuple[str, Mapping[str, str]]:
        for thing in about.get(predicate, []):
            if isinstance(thing, NamedNode):
                return thing.value, _texts(said[thing].get(LABEL, []))
        return "", {}

    titles, answers = _texts(about.get(LABEL, [])), _texts(about.get(SCHEMA["abstract"], []))
    topic, user = named(SCHEMA["about"]), named(SCHEMA["audience"])
    queries = [
        each.value for form in _FORMS for each in about.get(form, []) if isinstance(each, Literal)
    ]
    number = node.value.removeprefix(f"{ID}example/")
    texts = [number, *titles.values(), *answers.values(), *topic[1].values(), *user[1].values()]
    texts += [keyword for each in keywords.values() for keyword in each]
    return Example(
        node,
        number,
        titles,
        answers,
        {language: sorted(each) for language, each in keywords.items()},
        topic,
        user,
        queries[0] if queries else "",
        tuple(
            each.value
            for each in about.get(SPEX["federatesWith"], [])
            if isinstance(each, NamedNode)
        ),
        fold_text(" ".join(texts)),
    )


def _texts(terms: Iterable[Term]) -> dict[str, str]:
    return {each.language or "": each.value for each in terms if isinstance(each, Literal)}
