"""Accept is read by the grammar of RFC 9110, section 12.5.1, and never fails."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzgraph_server.negotiate import Preferences, parse_accept, rank

TURTLE, JSON, HTML = ("text/turtle; charset=utf-8", "application/json", "text/html")
OFFERS = (JSON, TURTLE, HTML)


def choose(accept: str | None, offers: Sequence[str]) -> str | None:
    return next(iter(rank(accept, offers)), None)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("text/*", TURTLE),
        ("text/html", HTML),
        ("TEXT/HTML", HTML),
        ("text/html, application/json", JSON),
        ("text/html;q=0.9, text/turtle;q=0.8", HTML),
        ("text/html;q=0.899, text/turtle;q=0.9", TURTLE),
        ("text/html;Q=0.1, text/turtle;q=0.2", TURTLE),
        ("text/*;q=0.5, text/html;q=0.4, */*;q=0.1", TURTLE),
        ("*/*, application/json;q=0", TURTLE),
        ("application/json;q=0", None),
        ("image/png", None),
        ("text/turtle;charset=utf-8", TURTLE),
        ('text/turtle;charset="UTF-8"', TURTLE),
        ("text/turtle;charset=koi8-r", None),
        ("text/turtle;charset=utf-8;q=0.2, text/turtle;q=0.9, text/html;q=0.5", HTML),
        ("text/html ; q=0.3 ,, , text/turtle", TURTLE),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
    ],
)
def test_the_best_offer_wins(accept: str | None, expected: str | None) -> None:
    assert choose(accept, OFFERS) == expected


@pytest.mark.parametrize(
    "member",
    ["text", "text/", "/html", "*/html", "text/html;q=1.1", "text/html;q=", "text/html;q=-1",
     "text/html;q=0.1234", "text/html;a", "te xt/html", "text/html;q=0.5x", 'text/html;a="'],
)  # fmt: skip
def test_a_malformed_member_is_ignored_and_the_others_count(member: str) -> None:
    assert parse_accept(member) == []
    assert choose(f"{member}, text/turtle;q=0.1", OFFERS) == TURTLE


def test_a_comma_in_a_quoted_string_separates_nothing() -> None:
    ranges = parse_accept('text/html;a="x, text/turtle;q=1 \\" ,";q=0.5, application/json;q=0.2')
    assert [(each.subtype, each.quality) for each in ranges] == [("html", 500), ("json", 200)]


def test_a_profile_of_json_ld_does_not_make_it_unacceptable() -> None:
    offer = "application/ld+json"
    accept = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"'
    assert choose(accept, [offer]) == offer


names = st.sampled_from(["text", "application", "image"])
subnames = st.sampled_from(["turtle", "json", "html", "*"])
weights = st.integers(0, 1000)


@given(st.text())
def test_any_text_is_read(accept: str) -> None:
    assert choose(accept, OFFERS) in (*OFFERS, None)


@given(st.text(alphabet='a*/;,q="=01. \t\\', max_size=40))
def test_any_soup_of_the_grammar_is_read(accept: str) -> None:
    for each in parse_accept(accept):
        assert 0 <= each.quality <= 1000
        assert each.subtype == "*" or each.type != "*"


@given(st.lists(st.tuples(names, subnames, weights), min_size=1, max_size=6), st.randoms())
def test_the_order_of_the_members_does_not_matter(
    members: list[tuple[str, str, int]], random: Random
) -> None:
    written = [f"{a}/{b};q={weight / 1000:.3f}" for a, b, weight in dict.fromkeys(members)]
    shuffled = list(written)
    random.shuffle(shuffled)
    assert choose(", ".join(written), OFFERS) == choose(", ".join(shuffled), OFFERS)


@given(names, subnames, weights, weights)
def test_the_more_specific_range_decides(
    type_: str, subtype: str, specific: int, general: int
) -> None:
    accept = f"{type_}/{subtype};q={specific / 1000:.3f}, */*;q={general / 1000:.3f}"
    ranges = parse_accept(accept)
    offered = f"{type_}/{'json' if subtype == '*' else subtype}"
    assert Preferences(ranges).quality(offered) == specific


@given(weights, weights, weights)
def test_no_acceptable_offer_is_better_than_the_one_chosen(a: int, b: int, c: int) -> None:
    accept = ", ".join(
        f"{offer.partition(';')[0]};q={weight / 1000:.3f}"
        for offer, weight in zip(OFFERS, (a, b, c), strict=True)
    )
    chosen = choose(accept, OFFERS)
    if max(a, b, c) == 0:
        assert chosen is None
    else:
        assert chosen == OFFERS[[a, b, c].index(max(a, b, c))]
