"""The style of all pages: contrast in light and dark, and pages of problems that help."""

import re
from pathlib import Path

import pytest

import kzgraph_server
from front_client import FrontClient
from kzgraph.problem import Problem
from kzgraph_server.flask_app import create_app
from kzgraph_server.rendering import Renderer
from kzgraph_server.settings import Settings
from server_fixtures import small

__all__ = ["small"]

CSS = (Path(kzgraph_server.__file__).parent / "static/style.css").read_text("utf-8")
ROOT = re.compile(r":root\s*\{([^}]*)\}")
COLOUR = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6})\b")
#: What is written on what. WCAG 2.2, 1.4.3: 4.5 for text.
TEXTS = ("text", "quiet", "link", "good", "warn")
PAIRS = [(text, back) for text in TEXTS for back in ("back", "panel", "mark")]
PAIRS += [("fault", "fault-back"), ("link", "fault-back"), ("back", "link")]
# Lines and patterns need 3 only (1.4.11); thin ones are seen better with more.
PAIRS += [(f"series-{each}", "back") for each in "abcdef"]
# Names, variables and texts of a query in the editor.
PAIRS += [(f"series-{each}", back) for each in "bcd" for back in ("panel", "mark")]
BROWSER = {"Accept": "text/html"}


def palettes() -> dict[str, dict[str, str]]:
    """The colours by name: in light, in dark and on paper."""
    whole = [dict(COLOUR.findall(block)) for block in ROOT.findall(CSS)]
    light, dark, paper = (found for found in whole if found)
    return {"light": light, "dark": dark, "paper": paper}


def contrast(one: str, other: str) -> float:
    """The ratio of two colours: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dim, bright = sorted(map(luminance, (one, other)))
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark", "paper"])
def test_every_pair_of_colours_can_be_read(scheme: str) -> None:
    colours = palettes()[scheme]
    assert set(colours) == set(palettes()["light"])
    poor = {
        (text, back): round(contrast(colours[text], colours[back]), 2)
        for text, back in PAIRS
        if contrast(colours[text], colours[back]) < 4.5
    }
    assert poor == {}
    # The edge of a field tells where to write: 1.4.11.
    assert contrast(colours["quiet"], colours["panel"]) >= 3


def test_contrast_is_computed_as_the_guidelines_do() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_no_colour_is_named_outside_the_palettes() -> None:
    rest = ROOT.sub("", CSS)
    assert not re.search(r"#[0-9a-f]{3,8}\b|\b(rgb|hsl)a?\(", rest)
    for use in re.findall(r"(?<![a-z-])(?:color|background):\s*([^;}]+)", rest):
        assert re.fullmatch(r"var\(--[a-z-]+\)|inherit", use.strip()), use


def test_every_variable_that_is_used_is_defined() -> None:
    defined = set(re.findall(r"--([a-z-]+):", CSS))
    assert set(re.findall(r"var\(--([a-z-]+)\)", CSS)) == defined


def test_a_page_loads_nothing_from_elsewhere() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS


@pytest.mark.parametrize("status", [400, 404, 405, 406, 410, 429, 500, 503, 418])
@pytest.mark.parametrize("language", ["en", "kk"])
def test_a_problem_is_told_with_ways_on(small: FrontClient, status: int, language: str) -> None:
    renderer = Renderer(create_app(small.release, Settings()))
    text = renderer.problem(Problem(status, "Because <b> & of it."), language)
    assert f'<html lang="{language}">' in text
    # Details are in English only, and say so.
    assert '<p lang="en">Because &lt;b&gt; &amp; of it.</p>' in text
    assert f" {status} <span" in text
    assert text.count("<h1") == 1
    prefix = "" if language == "en" else "/kk"
    main = text.partition("<main")[2].partition("</main>")[0]
    for path in ("/", "/examples", "/sparql", "/ontology", "/releases/"):
        assert f'href="{prefix}{path}"' in main


def test_the_links_of_a_page_say_where_it_is(small: FrontClient) -> None:
    nav = small.get("/ru/quality", headers=BROWSER).text.partition("</nav>")[0]
    assert '<a href="/ru/quality" aria-current="page">' in nav
    assert nav.count("aria-current") == 1
    assert "aria-current" not in small.get("/no", headers=BROWSER).text.partition("</nav>")[0]
