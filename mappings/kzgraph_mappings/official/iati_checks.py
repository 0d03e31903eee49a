"""What the schema of IATI requires of an element, as faults with the line and what would be right.

What the schema requires is refused where it is missing; what only the rules ask for is kept, and
warned of: https://iatistandard.org/en/iati-standard/203/rulesets/standard-ruleset/
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

from pyoxigraph import Literal

from kzgraph.money import CURRENCIES
from kzgraph.sources import FaultList
from kzgraph.sources.xml_records import Element
from kzgraph.tables import Time
from kzgraph_mappings.official.iati_shared import Name, known_codes
from kzgraph_mappings.official.iati_values import period, read_date, read_language, read_number
from kzgraph_mappings.official.official_cells import show

#: https://iatistandard.org/en/iati-standard/203/codelists/currency/
_CURRENCY = re.compile(r"[A-Z]{3}")
_NUMBER_REMEDY = "write digits with a point before decimals, such as -1250.75, and nothing else"


class Checks:
    """Reads what an element must have; what is wrong becomes a fault, and the value None."""

    def __init__(
        self,
        faults: FaultList,
        warn: Callable[[int, str, str, str], None],
        columns: Mapping[str, str] | None = None,
    ) -> None:
        """Read elements of one file.

        Args:
            faults: of the file.
            warn: called with line, column, message and remedy of what is kept.
            columns: what the columns are called in which elements stand, by their names.
        """
        self._faults, self._give_warning = faults, warn
        self._columns = columns or {}
        #: Of texts that do not state theirs.
        self.language = ""

    def add(self, element: Element, message: str, remedy: str, name: str = "") -> None:
        """Add a fault of an element, or of its child called `name`."""
        name = name or element.name
        self._faults.add(element.line, self._columns.get(name, name), message, remedy)

    def warn(self, element: Element, message: str, remedy: str, name: str = "") -> None:
        """Warn of what is kept all the same."""
        self.warn_at(element.line, name or element.name, message, remedy)

    def warn_at(self, line: int, name: str, message: str, remedy: str) -> None:
        """Warn of what is kept all the same and stands in a line, as an element called `name`."""
        self._give_warning(line, self._columns.get(name, name), message, remedy)

    def child(self, element: Element, name: str) -> Element | None:
        """A child of which there must be exactly one."""
        found = element.all(name)
        if len(found) == 1:
            return found[0]
        message = f"<{element.name}> has {len(found) or 'no'} <{name}>"
        at = found[1] if found else element
        self.add(at, message, f"give it exactly one <{name}>", name)
        return None

    def attribute(self, element: Element, name: str, remedy: str = "") -> str:
        """An attribute that must be there and not be empty; nothing where it is not."""
        text = element.get(name)
        if not text:
            self.add(
                element,
                f"<{element.name}> has no {name}",
                remedy or f'add {name}="…"',
            )
        return text

    def core_code(
        self, element: Element, name: str, valid: Collection[str], *, needed: bool = True
    ) -> str:
        """A code of a list that is part of the standard, so that no other than `valid` is."""
        if not needed and not element.get(name):
            return ""
        code = self.attribute(element, name)
        if code and code not in valid:
            self.add(
                element,
                f"{name} {show(code)} is not a code of IATI 2",
                "write one of " + ", ".join(sorted(valid, key=lambda each: (len(each), each))),
            )
            return ""
        return code

    def open_code(self, element: Element, name: str, scheme: str, *, needed: bool = True) -> str:
        """A code of a list to which the stewards of IATI add codes at any time."""
        code = self.attribute(element, name) if needed else element.get(name)
        if code:
            self.note_unknown(element, code, scheme)
        return code

    def note_unknown(self, element: Element, code: str, scheme: str) -> None:
        """Warn of a code that the tables do not describe."""
        if code not in known_codes(scheme):
            self.warn(
                element,
                f"the code {show(code)} of {scheme} is not described here",
                "check it in the code list of IATI; it is kept",
            )

    def day(self, element: Element, name: str = "iso-date") -> date | None:
        """The day in an attribute."""
        text = self.attribute(element, name)
        day = read_date(text) if text else None
        if text and day is None:
            self.add(
                element,
                f"{name} {show(text)} is not a day of the calendar",
                "write it as 2018-12-31",
            )
        return day

    def span(self, element: Element, *, open_ended: bool = False) -> Time | None:
        """The period that `period-start` and `period-end` give."""
        first = self.child(element, "period-start")
        last = None
        if not open_ended or element.first("period-end"):
            last = self.child(element, "period-end")
            if last is None:
                return None
        start = self.day(first) if first else None
        end = self.day(last) if last else start
        if start is None or end is None:
            return None
        try:
            return period(start, end)
        except ValueError:
            self.add(
                element,
                f"the period ends on {end}, before it begins on {start}",
                "correct period-start or period-end",
            )
            return None

    def number(self, element: Element, text: str) -> Literal | None:
        """A decimal number."""
        number = read_number(text)
        if number is None:
            shown = show(text.strip())
            self.add(element, f"{shown} is not a decimal number", _NUMBER_REMEDY)
        return number

    def percentage(self, element: Element) -> Literal | None:
        """The part of the whole that an element states, in per cent; None where it states none."""
        text = element.get("percentage")
        if not text:
            return None
        number = self.number(element, text)
        if number and not 0 <= float(number.value) <= 100:
            self.warn(
                element,
                f"{number.value} per cent is not between 0 and 100",
                "ask the publisher; it is kept",
            )
        return number

    def currency(self, element: Element, default: str) -> str:
        """The currency of a value: its own, or that of the activity."""
        code = element.get("currency") or default
        if not code:
            self.add(
                element,
                "the value has no currency, and neither has the activity",
                'add currency="USD" here, or default-currency to <iati-activity>',
            )
        elif not _CURRENCY.fullmatch(code):
            self.add(
                element,
                f"{show(code)} is not a currency",
                "write its code of ISO 4217, three capital letters such as USD",
            )
            return ""
        elif code not in CURRENCIES:
            self.warn(
                element,
                f"the currency {code} is not one of ISO 4217 that is in use",
                "check it; it is kept",
            )
        return code

    def truth(self, element: Element, name: str, *, default: bool) -> bool:
        """A truth value (https://www.w3.org/TR/xmlschema-2/#boolean)."""
        text = element.get(name)
        if text not in {"", "0", "1", "false", "true"}:
            self.add(
                element, f"{name} {show(text)} is not a truth value", f'write {name}="1" or "0"'
            )
        return text in {"1", "true"} if text else default

    def texts(self, element: Element | None, *, needed: bool = False) -> Sequence[Name]:
        """The narratives of an element with their languages, one of each language."""
        found: dict[str, str] = {}
        for child in element.all("narrative") if element else ():
            language = read_language(child.get("lang")) or self.language
            text = " ".join(child.text.split())
            if text:
                found.setdefault(language, text)
        if needed and element and not found:
            self.add(
                element,
                f"<{element.name}> has no narrative",
                "add <narrative>…</narrative> with a text",
            )
        return [(text, language) for language, text in found.items()]
