"""`/quality/validation`: the results of the shapes. What has a violation is not published."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response, request
from pyoxigraph import Literal, NamedNode

from kzgraph.namespaces import SH
from kzgraph.problem import Problem
from kzgraph_server.pages.language import get_language, in_languages
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.paging import Paging, read_number, read_paging
from kzgraph_server.pages.quality.room import blueprint, render
from kzgraph_server.pages.views import View, Viewer
from kzgraph_server.served import Served, compute_once, get_served

#: Things of one finding that the page of all findings shows.
SHOWN = 10


@dataclass(frozen=True)
class Finding:
    """What the report says of several things in the same words.

    Attributes:
        key: names it in addresses.
        severity: Violation, Warning or Info.
        message: in English, as the report has it.
        shape: the IRI of the shape that found it.
        component: that of the kind of constraint.
        things: the focus nodes, each once, in the order of the report.
    """

    key: str
    severity: str
    message: str
    shape: str
    component: str
    things: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """A finding on the page: its message in a language of the reader, and some of its things."""

    finding: Finding
    severity: str
    message: View
    things: list[View]


@blueprint.get("/quality/validation")
@in_languages
def validate() -> Response:
    """All findings with the first of their things, or `?finding=` with all of them."""
    now = get_served()
    findings, viewer = compute_once(read_findings), Viewer(now.store)
    key, severity = request.args.get("finding"), request.args.get("severity")
    paging = None
    if key is not None:
        findings = [each for each in findings if each.key == key]
        if not findings:
            raise Problem(404, "The report has no such finding; /quality/validation lists them.")
        paging = read_paging(len(findings[0].things))
    else:
        read_number()
    if severity is not None:
        findings = [each for each in findings if each.severity == severity]
    return render(
        "validation",
        counts=count_severities(now.release.manifest),
        chosen=severity,
        findings=[_show(now, viewer, each, paging) for each in findings],
        paging=paging,
        key=key,
    )


def count_severities(manifest: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """How many results a release has of each severity: its name, in words, and the number."""
    counts: Mapping[str, int] = manifest.get("validation", {})
    return [(name, _in_words(name), number) for name, number in counts.items()]


def read_findings(now: Served) -> list[Finding]:
    """The results of the report, those with one severity and message together."""
    grouped: dict[str, Finding] = {}
    path = now.release.report / "report.json"
    for result in json.loads(path.read_bytes())["results"] if path.is_file() else ():
        severity, message = str(result["severity"]), str(result["message"])
        key = hashlib.sha256(f"{severity} {message}".encode()).hexdigest()[:12]
        shape, component = str(result.get("shape") or ""), str(result.get("component") or "")
        finding = grouped.setdefault(key, Finding(key, severity, message, shape, component))
        finding.things[str(result["focus"])] = None
    return list(grouped.values())


def _in_words(severity: str) -> str:
    words = {"Violation": _("Violations"), "Warning": _("Warnings"), "Info": _("Notes")}
    return words.get(severity, severity)


def _show(now: Served, viewer: Viewer, finding: Finding, paging: Paging | None) -> Shown:
    every: Sequence[str] = list(finding.things)
    shown = every[:SHOWN] if paging is None else paging.cut(every)
    return Shown(
        finding,
        _in_words(finding.severity),
        translate_message(now, finding.shape, finding.message),
        [_view(viewer, iri) for iri in shown],
    )


def translate_message(now: Served, shape: str, message: str) -> View:
    """A message in the language of the page, where its shape has it so; else in English."""
    said: dict[str | None, str] = {}
    for quad in now.store.quads_for_pattern(_node(shape), SH["message"], None, None):
        if isinstance(quad.object, Literal):
            said[quad.object.language] = quad.object.value
    language = get_language()
    # A shape with several messages does not say which of them belong together.
    if message == said.get("en") and language in said:
        return View(said[language], language=language)
    return View(message, language="en")


def _node(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError:
        return SH["nothing"]


def _view(viewer: Viewer, focus: str) -> View:
    # A blank node or a literal can be at fault too, and the report writes both as they stand.
    try:
        return viewer.named(NamedNode(focus))
    except ValueError:
        return View(focus)
