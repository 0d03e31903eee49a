"""Pages of example queries: the question, the query, and others of its topic."""

from dataclasses import dataclass
from typing import Any

from kzgraph.namespaces import SH
from kzgraph_server.pages.examples import Example, pick, read_published
from kzgraph_server.pages.kinds.look import Look, PageKind
from kzgraph_server.pages.views import View
from kzgraph_server.served import compute_once


@dataclass(frozen=True)
class QuestionPage:
    """What the page of an example query shows.

    Attributes:
        example: the example.
        answers: what the answer holds; likewise `topic` and `user`, in the language of the page.
        others: of its topic, each with its question.
    """

    example: Example
    answers: View
    topic: View
    user: View
    others: list[tuple[Example, View]]


def make_question(look: Look) -> QuestionPage | None:
    """What the page of an example query shows; None where it is not one of the graph of them."""
    every = compute_once(read_published)
    example = next((each for each in every if each.node == look.node), None)
    if example is None:
        return None
    others = [
        (each, pick(each.titles))
        for each in every
        if each.topic_name == example.topic_name and each is not example
    ]
    topic, user = pick(example.topic[1]), pick(example.user[1])
    return QuestionPage(example, pick(example.answers), topic, user, others)


def _describe(_look: Look, made: QuestionPage | None) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": "SoftwareSourceCode", "programmingLanguage": "SPARQL"}
    if made is not None:
        found |= {"text": made.example.query, "abstract": made.answers.text}
    return found


def _query(_look: Look, made: QuestionPage | None) -> str:
    return "" if made is None else made.example.query


KINDS = (
    PageKind(SH["SPARQLExecutable"], "things/question.html", make_question, _describe, _query),
)
