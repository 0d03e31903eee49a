"""The page and the JSON of `/check`: docs/checking.md."""

import json
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from kzgraph.checking import LONGEST, Answer, Checker
from kzgraph.checking.answer_json import describe_answer
from kzgraph.checking.answer_words import Telling, list_sentences, list_unread, name_outcome
from kzgraph.rdf.formats import HTML, Format
from kzgraph.sparql.origins import find_origins
from kzgraph_server.licensing import get_licensing, set_rights
from kzgraph_server.negotiate import negotiate, read_one
from kzgraph_server.pages.check.answer_cards import CardMaker, PageLabels
from kzgraph_server.pages.check.claim_marks import mark_claim, show_plainly
from kzgraph_server.pages.check.corrections import (
    NONE,
    Corrections,
    list_fields,
    read_corrections,
)
from kzgraph_server.pages.figure_values import ValueReader
from kzgraph_server.pages.kinds.words_around import protect
from kzgraph_server.pages.language import get_language, in_languages
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.views import Viewer, address
from kzgraph_server.served import Served, compute_once, get_served

JSON = Format("json", "application/json", title="JSON")

blueprint = Blueprint("check", __name__)


@blueprint.get("/check")
@in_languages
def show() -> Response:
    """What the sources have for a claim, as a page or as JSON."""
    chosen = negotiate((HTML, JSON))
    now = get_served()
    claim = (read_one("q", request.args.getlist("q")) or "").strip()
    checker = compute_once(_make_checker)
    answer = checker.check(claim)
    corrected = read_corrections(request.args, answer, now.store)
    if corrected:
        answer = checker.check(claim, corrected)
    values = ValueReader(now.store, Viewer(now.store))
    telling = Telling(now.store, PageLabels(values), get_language())
    if chosen.format is JSON:
        described = describe_answer(answer, now.release.version, telling, _, address)
        response = Response(
            json.dumps(described, ensure_ascii=False) + "\n", content_type=JSON.content_type
        )
    else:
        text = _render(answer, corrected, values, telling) if claim else _render_form()
        response = Response(text, content_type=HTML.content_type)
    if values.met:
        quads = list(values.met.values())
        set_rights(get_licensing().of_description(quads, find_origins(now.store, quads)))
    protect(response)
    return response


def _make_checker(now: Served) -> Checker:
    return Checker(now.store)


def _render_form() -> str:
    return render_template(
        "check/answer.html", claim="", longest=LONGEST, examples=_list_examples()
    )


def _render(answer: Answer, corrected: Corrections, values: ValueReader, telling: Telling) -> str:
    store = get_served().store
    kept: dict[str, Any] = {each.value: request.args.get(each.value) or None for each in corrected}
    return render_template(
        "check/answer.html",
        claim=show_plainly(answer.claim),
        answer=answer,
        heading=name_outcome(answer, _),
        sentences=[show_plainly(each) for each in list_sentences(answer, telling, _)],
        pieces=mark_claim(answer),
        fields=list_fields(answer, corrected, telling),
        corrected=corrected,
        unread=[show_plainly(each) for each in list_unread(answer)],
        numbers=CardMaker(store, values, telling).make_all(answer),
        longest=LONGEST,
        unsaid=NONE,
        examples=_list_examples(),
        alternative=url_for("check.show", q=answer.claim, format=JSON.name, **kept),
    )


def _list_examples() -> list[str]:
    """Claims to try, in the language of the page."""
    return [
        _("87,632 stateless people in Kazakhstan in 2018"),
        _("7,982 stateless people in Kazakhstan"),
        _("UNHCR spent 5.5 million dollars in 2018"),
        "7,892",
    ]
