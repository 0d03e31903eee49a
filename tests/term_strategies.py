"""Hypothesis strategies for RDF terms of every kind."""

from hypothesis import strategies as st
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Triple

XSD = "http://www.w3.org/2001/XMLSchema#"

texts = st.text(max_size=30) | st.sampled_from(
    ["", " ", "a\tb", "a\nb", "a\r\nb", "a\rb", '"', "''", "a,b;c", "\\", "\x00\x01\x7f", "😀",
     "\ufeffx", "\u2028", "<r>x</r>", "_x0041_", "</literal>", "=1+1", "NULL", "да"]
)  # fmt: skip
iris = st.builds(
    lambda path: NamedNode("http://example.org/" + path),
    st.text("abcXYZ019/?&=;,'()%41éд😀-._~", max_size=12).map(
        lambda text: text.replace("%", "%4f")
    ),
)
blank_nodes = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True).map(BlankNode)
tagged = st.builds(
    lambda value, language, direction: Literal(value, language=language, direction=direction),
    texts,
    st.sampled_from(["en", "ru", "kk", "zh-hant-tw", "de-ch-1996"]),
    st.sampled_from([None, BaseDirection.LTR, BaseDirection.RTL]),
)


def typed(name: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[Literal]:
    """Literals of a datatype of XML Schema."""
    return values.map(lambda value: Literal(value, datatype=NamedNode(XSD + name)))


_year = st.integers(-9999, 99999).map(lambda year: f"{'-' * (year < 0)}{abs(year):04}")
_day = st.builds(
    "{}-{:02}-{:02}".format, _year, st.integers(1, 12), st.integers(1, 31)
)  # not every day exists
_moment = st.builds(
    "{}T{:02}:{:02}:{:02}{}{}".format,
    _day,
    st.integers(0, 24),
    st.integers(0, 59),
    st.integers(0, 59),
    st.sampled_from(["", ".5", ".123456", ".1234567890"]),
    st.sampled_from(["", "Z", "+05:00", "-14:00"]),
)
_fraction = st.from_regex(r"[0-9]{0,25}\.[0-9]{1,25}", fullmatch=True)

integers = typed("integer", st.integers(-(10**45), 10**45).map(str) | st.just("007"))
decimals = typed("decimal", st.builds("{}{}".format, st.sampled_from(["", "-", "+"]), _fraction))
doubles = typed(
    "double", st.floats().map(repr) | st.sampled_from(["NaN", "INF", "-INF", "1e5", "-0.0E0"])
)
booleans = typed("boolean", st.sampled_from(["true", "false", "1", "0", "yes"]))
dates = typed("date", _day | _day.map("{}Z".format) | texts)
moments = typed("dateTime", _moment)
others = st.builds(lambda value, kind: Literal(value, datatype=kind), texts, iris) | typed(
    "gYear", st.sampled_from(["2018", "-0044"])
)
literals = (
    texts.map(Literal)
    | tagged
    | integers
    | decimals
    | doubles
    | booleans
    | dates
    | moments
    | others
)
terms = iris | blank_nodes | literals | st.builds(Triple, iris | blank_nodes, iris, literals)
cells = st.none() | terms


@st.composite
def tables(
    draw: st.DrawFn, values: st.SearchStrategy[object] = cells
) -> tuple[list[str], list[list[object]]]:
    """Variables, and rows of `values` for them."""
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(values, min_size=width, max_size=width), max_size=6))
    return [f"v{index}" for index in range(width)], rows
