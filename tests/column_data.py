"""A graph of all that makes aggregates awkward, a few thousand quads, the same each time."""

import random
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, parse

from kzgraph.namespaces import Term
from kzgraph.prefixes import PREFIXES
from kzgraph.rdf.content import Content

EX = "http://example.org/"
XSD = PREFIXES["xsd"]
_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_GRAPHS = [NamedNode(f"{EX}graph/{name}") for name in ("one", "two", "three")]
_MOST = 2**63 - 1

#: Texts that are easily written or compared wrongly.
STRINGS = [
    *("", " ", "a", "A", "ab", "a b", "10", "010", "10.0", "-1", "true", "2018", "x' OR 1=1 --"),
    *('"', "'", "\\", "\\n", "a\nb", "a\tb", "\r", '"""', "'''", "%", "_", "a%", "{", "?v", "$1"),
    *("é", "e\u0301", "ё", "Қазақстан", "қазақстан", "\U0001f600", "\U0001f600a", "\ue000", "İ"),
    *("NULL", "NaN", "Infinity", "<http://example.org/a>", "@en", "^^", ".*", "(", "[a", "ab" * 40),
]
#: Names, some of which others begin with, and some with what has to be escaped.
_NAMES = [
    *("a", "a/", "a/b", "ab", "a-b", "a.b", "a%20b", "a#b", "b", "b0", "B", "é", "z'", "(z)", "0"),
]


def node(name: str) -> NamedNode:
    return NamedNode(EX + name)


def typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


_SMALL = [typed(str(number), "integer") for number in (0, 1, 2, 3, 5, 7, 10, 12, 100, -1, -7, -10)]
_DECIMALS = [
    typed(text, "decimal")
    for text in (
        *(
            "0.0",
            "0.1",
            "0.2",
            "0.3",
            "1.0",
            "10",
            "10.0",
            "10.5",
            "-0.5",
            "-10.0",
            "-20.5",
            "2.50",
            "1.05",
        ),
        *("0.000000000000000001", "-0.000000000000000001", "1.234567890123456789", "3.333333333"),
        *("12345678.987654321", "0.999999999999999999"),
    )
]
_BIG = [
    *(typed(str(number), "integer") for number in (_MOST, _MOST - 1, -_MOST - 1, -_MOST, 2**62)),
    *(typed(str(number), "integer") for number in (2**53, 2**53 + 1, -(2**62), 2**31, 1, 0, -1)),
]
#: Numbers that the store keeps as they are, out of its range, and decimals near the end of it.
_TOO_BIG = [
    *(typed(str(number), "integer") for number in (2**63, 10**20, -(10**30))),
    *(typed(text, "decimal") for text in ("170141183460469231731", "1.0000000000000000001")),
    *(typed(text, "decimal") for text in ("99999999999999999999.5", "-170141183460469231731.5")),
]
_LARGE, _WIDE = typed(str(2**60), "integer"), typed("50000000000000000000.5", "decimal")
#: Numbers whose sum is within 64 bits or a decimal, or not, or depends on the order.
_NEAR_THE_END = {
    "near": [_BIG[0], _SMALL[1], typed("-5", "integer")],
    "quarter": [_LARGE] * 5,
    "half": [_LARGE, typed(str(-(2**60)), "integer")] * 3,
    "apart": [typed(str(2**62), "integer")] * 4 + [typed(str(-(2**62)), "integer")] * 4,
    "wide": [_WIDE, _DECIMALS[1], _WIDE],
    "broad": [typed("-40000000000000000000.000000000000000001", "decimal")] * 5,
}
_DERIVED = [
    *(typed("5", each) for each in ("int", "nonNegativeInteger", "short", "positiveInteger")),
    *(typed(text, "integer") for text in ("05", "+5", "-0", "00", "x", "", "5.0", " 5")),
    *(typed(text, "decimal") for text in ("05.50", ".5", "5.", "+5.5", "-0.0", "5e0", "five")),
]
_DOUBLES = [
    typed(text, each)
    for each in ("double", "float")
    for text in ("0", "1.5", "-0.0", "1E3", "0.1", "INF", "-INF", "NaN", "10", "5")
]
_DATES = [
    *(typed(text, "date") for text in ("2018-01-01", "2018-12-31", "2019-02-28", "2018-01-01Z")),
    *(typed(text, "dateTime") for text in ("2018-01-01T00:00:00Z", "2018-01-01T00:00:00")),
    *(typed(text, "gYear") for text in ("2018", "2019", "-0001", "2018Z")),
    typed("2018-02", "gYearMonth"),
    typed("P1Y", "duration"),
]
_BOOLEANS = [typed(text, "boolean") for text in ("true", "false", "1", "0", "yes")]
_OTHERS = [
    Literal("<b>x</b>", datatype=NamedNode(PREFIXES["rdf"] + "HTML")),
    Literal("10", datatype=node("type")),
    Literal("a", datatype=node("type")),
]
_LANGUAGES = ["en", "ru", "kk", "en-gb"]
_WORDS = ["Almaty", "almaty", "Алматы", "Asia", "a", "", "Central Asia", "10", "\U0001f600", "é"]
_REGIONS = [node(f"region/{name}") for name in ("north", "south", "north-east")]
_PLACES = [node(f"place/{name}") for name in _NAMES]
_GROUPS = [node(f"group/{name}") for name in ("REF", "ASY", "STA", "REF2")]
_BLANKS = [BlankNode(f"b{number}") for number in range(6)]


def awkward_quads(figures: int = 110) -> list[Quad]:
    """The quads; some have the same triple, and some the same term written in two ways."""
    chance = random.Random(11)  # noqa: S311 - data, not secrets
    triples = [*_figures(chance, figures), *_places(chance), *_odd_subjects(chance)]
    quads = [Quad(*each, chance.choice(_GRAPHS)) for each in triples]
    # The store keeps one of each pair.
    quads += [
        Quad(node(f"figure/{number}"), node(name), value, _GRAPHS[0])
        for number in range(9)
        for name in ("derived", "total")
        for value in (typed("7", "short"), typed("07", "integer"))
    ]
    # A triple in a second graph counts twice there, and in a third one thrice.
    quads += [
        Quad(each.subject, each.predicate, each.object, chance.choice(_GRAPHS))
        for each in chance.sample(quads, len(quads) // 12)
    ]
    return [*quads, *(Quad(*each, chance.choice(_GRAPHS)) for each in _cells(chance))]


_Triple = tuple[NamedNode | BlankNode, NamedNode, Term]


def _figures(chance: random.Random, count: int) -> Iterator[_Triple]:
    """Figures: each property with the share that has it, how many at most, and its values."""
    texts = [Literal(each) for each in STRINGS]
    tagged = [Literal(word, language=tag) for word in _WORDS for tag in _LANGUAGES]
    words = [Literal(each) for each in _WORDS]
    figures = [node(f"figure/{number}") for number in range(count)]
    mixed: list[Term] = [
        *_SMALL,
        *_DECIMALS,
        *texts[:12],
        *tagged[:8],
        *_PLACES[:3],
        *_DATES,
        *_BOOLEANS,
    ]
    properties: list[tuple[str, float, int, list[Term]]] = [
        ("value", 0.9, 2, [*_SMALL, *_SMALL, *_DECIMALS]),
        ("count", 0.95, 1, [*_SMALL, typed("2018", "integer"), typed("87632", "integer")]),
        ("year", 0.97, 2, [typed(str(year), "integer") for year in range(2015, 2021)]),
        ("amount", 0.7, 2, list(_DECIMALS)),
        ("total", 0.8, 1, [typed(str(number), "integer") for number in (0, 4, 8, 15, 16, 23, 42)]),
        ("large", 0.3, 2, list(_BIG)),
        ("huge", 0.1, 1, [*_BIG, *_TOO_BIG]),
        ("derived", 0.3, 2, [*_DERIVED, *_SMALL[:4]]),
        ("rate", 0.3, 1, [*_DOUBLES, *_SMALL[:2]]),
        ("flag", 0.4, 1, list(_BOOLEANS)),
        ("date", 0.4, 2, list(_DATES)),
        ("note", 0.6, 2, list(texts)),
        ("label", 0.8, 3, [*tagged, *words]),
        ("place", 0.9, 2, [*_PLACES]),
        ("group", 0.9, 1, [*_GROUPS, *_GROUPS, Literal("REF"), Literal("other", language="en")]),
        ("parent", 0.5, 2, [*figures]),
        ("any", 0.5, 3, [*mixed, *_BOOLEANS, *_BLANKS, *_OTHERS, *_BIG[:2], *_DERIVED[:3]]),
        ("zero", 0.5, 1, [_SMALL[0]]),
    ]
    for figure in figures:
        yield figure, _TYPE, node("Figure")
        for name in ("Population", "Finance", "Chosen", "Headline"):
            if chance.random() < 0.3:
                yield figure, _TYPE, node(name)
        for name, share, most, values in properties:
            if chance.random() < share:
                for value in chance.choices(values, k=chance.randint(1, most)):
                    yield figure, node(name), value
    # What stands on one subject alone, and what leads to itself.
    yield figures[0], node("rare"), _SMALL[3]
    yield figures[1], node("parent"), figures[1]
    for name, numbers in _NEAR_THE_END.items():
        for figure, value in zip(chance.sample(figures, len(numbers)), numbers, strict=True):
            yield figure, node(name), value


def _places(chance: random.Random) -> Iterator[_Triple]:
    for number, place in enumerate(_PLACES):
        yield place, _TYPE, node("Place")
        yield place, node("code"), Literal(f"P{number:02}"[: 2 + number % 2])
        if number % 4:
            yield place, node("within"), chance.choice(_REGIONS)
        for tag in _LANGUAGES[: number % 4]:
            yield place, node("label"), Literal(chance.choice(_WORDS), language=tag)
        if number % 3:
            yield place, node("area"), chance.choice(_DECIMALS)
        yield place, node("people"), typed(str(1000 * number), "integer")
    for number, region in enumerate(_REGIONS):
        yield region, _TYPE, node("Region")
        yield region, node("label"), Literal(f"Region {number}", language="en")
        yield region, node("label"), Literal(f"Region {number}")
    for number, group in enumerate(_GROUPS):
        yield group, node("label"), Literal(f"Group {number % 2}", language="en")
        yield group, node("rank"), typed(str(number - 1), "integer")


def _cells(chance: random.Random) -> Iterator[_Triple]:
    """Observations with each property once, and properties of which that is nearly so."""
    cells = [node(f"cell/{number}") for number in range(60)]
    values: dict[str, list[Term]] = {
        "who": [*_GROUPS],
        "when": [typed(str(year), "integer") for year in range(2017, 2020)],
        "score": [*_SMALL],
        "fraction": [*_DECIMALS],
        "named": [Literal(word, language=tag) for word in _WORDS for tag in ("en", "ru")],
        # Equal, and two terms each.
        "even": [typed(t, kind) for t in ("5", "10") for kind in ("integer", "decimal")],
        "era": [
            typed(text, "date")
            for text in ("10000-01-01", "9999-12-31", "-0500-01-01", "-0600-01-01", "0033-04-03")
        ],
        "day": [typed(f"2018-0{month}-1{month}", "date") for month in range(1, 8)],
    }
    for cell in cells:
        for name, found in values.items():
            yield cell, node(name), chance.choice(found)
    for number, cell in enumerate(cells[1:]):
        yield cell, node("doubled"), _SMALL[number % 5]
        yield cell, node("moved"), _SMALL[number % 5]
        yield cell, node("paired"), _SMALL[number % 7]
    yield cells[7], node("doubled"), _SMALL[9]
    yield cells[7], node("paired"), _SMALL[8]
    yield node("cellar"), node("moved"), _SMALL[9]


def _odd_subjects(chance: random.Random) -> Iterator[_Triple]:
    """Subjects of another kind with the properties of figures, and such without a name."""
    for number in range(12):
        other = node(f"other/{number}")
        yield other, node("value"), chance.choice([*_SMALL, *_DECIMALS])
        yield other, node("year"), typed(str(2018 + number % 2), "integer")
        yield other, node("count"), chance.choice(_SMALL)
    for blank in _BLANKS:
        yield blank, node("amount"), chance.choice(_SMALL)
        yield blank, node("note"), Literal(chance.choice(_WORDS), language="en")
        yield blank, node("place"), chance.choice(_PLACES)
    # So many terms that they are looked up in several parts.
    for number in range(450):
        item = node(f"item/{number}")
        yield item, node("serial"), Literal(f"S-{number % 7}-{number}")
        yield item, node("key"), node(f"key/{number * 37 % 450:03}")
        yield item, node("level"), typed(str(number % 9 - 2), "integer")
    # A property is a subject, too.
    yield node("value"), node("label"), Literal("value", language="en")
    yield node("value"), node("rank"), _SMALL[2]


def write_lines(quads: Iterable[Quad], target: Path) -> None:
    """Write quads as canonical N-Quads in order."""
    target.write_bytes(Content(quads).n_quads)


def load_lines(lines: Path) -> Store:
    """A store in memory of the quads of a file, blank nodes with their names."""
    store = Store()
    store.bulk_extend(parse(path=str(lines), format=RdfFormat.N_QUADS))
    return store
