# ruff: noqa: RUF001 (words in Cyrillic)
"""Holding the sign of a change against the words of its text: what fell is below zero."""

import re
from collections.abc import Iterator, Set
from decimal import Decimal

from kzgraph.faults import Fault
from kzgraph.tables import Row, parse_span
from kzgraph.tables.schema import NUMBER_COLUMNS

#: A comparison, and no hedge: `14 per cent fewer`, not `fewer than 14`.
_NO_HEDGE = r"(?!\s+(?:than|чем)\b|\s+\d)"
_FELL = re.compile(
    r"(?<!\w)(?:fell|(?<!the )falls?|fallen|falling|decreas\w+|declin\w+|dropp?(?:s|ed|ing)?|"
    r"reduc(?:ed|tion)|"
    rf"shrank|shrunk|plunged|halved|lower|(?:fewer|less){_NO_HEDGE}|down(?=\s+(?:by\s+)?\d)|"
    r"(?:сни[зж]|сократ|сокращ|упал|уменьш|паден|спад)\w*|"
    rf"(?:меньше|ниже){_NO_HEDGE}|"
    r"(?:азай|төменде|қысқар|кемі)\w*)(?!\w)",
    re.IGNORECASE,
)
_ROSE = re.compile(
    r"(?<!\w)(?:rose|risen|rises?|rising|increas\w+|grew|grown|grow(?:s|th|ing)|climbed|jumped|"
    rf"doubled|higher|more{_NO_HEDGE}|up(?=\s+(?:by\s+)?\d)|"
    r"(?:вырос|возрос|увелич|повыс|прирос)\w*|рост(?:а|ом|е|у)?|"
    rf"(?:больше|выше){_NO_HEDGE}|"
    r"(?:өст|өскен|артт|артқан|көбей|ұлғай|жоғарыла)\w*)(?!\w)",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"(?<!\w)(?:not|no|neither|never|nor|не|ни|нет|без)(?!\w)|n['\u2019]t\b"
    r"|\w(?:ма|ме|ба|бе|па|пе)(?:ды|ді|ған|ген)(?!\w)",
    re.IGNORECASE,
)


def check_change(row: Row, text: str, changes: Set[str]) -> Iterator[Fault]:
    """The fault of a change whose sign is not that of the words of its evidence or context.

    Nothing is said where the words are of both kinds, or denied.

    Args:
        row: a row with evidence.
        text: the document.
        changes: the quantities and indicators that measure a change, as `quantity/CODE`.
    """
    names = [name for name in ("quantity", "indicator") if name in row.cells]
    if not changes & {f"{name}/{row.get(name)}" for name in names}:
        return
    for column in ("evidence", "context"):
        said = " | ".join(text[slice(*parse_span(item))] for item in row.cells[column])
        fell, rose = _FELL.search(said), _ROSE.search(said)
        if _NOT.search(said) or (fell and rose):
            return
        word = fell or rose
        if word is None:
            continue
        for name in NUMBER_COLUMNS:
            value = row.get(name)
            if value and Decimal(value) and (Decimal(value) < 0) != bool(fell):
                right = value.removeprefix("-") if rose else f"-{value}"
                yield row.fault(name, f"{value}, and the text says {word[0]!r}", f"write {right}")
        return
