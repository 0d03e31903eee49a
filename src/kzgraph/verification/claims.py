"""Checking what a row claims in codes, names and own words against the words of its page."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kzgraph.faults import Fault
from kzgraph.tables import Row, Tables
from kzgraph.verification.beside import check_giver, check_held
from kzgraph.verification.counted import check_counted
from kzgraph.verification.dates import names_year
from kzgraph.verification.denials import check_denial
from kzgraph.verification.findings import Finding
from kzgraph.verification.known_names import KnownNames
from kzgraph.verification.named_things import SCHEMES, check_names
from kzgraph.verification.own_numbers import check_own_numbers
from kzgraph.verification.periods import names_period


@dataclass(frozen=True)
class Claims:
    """What the tables know that a claim is checked with.

    Attributes:
        known: the names of things, and of the codes that a text may name.
        quantities: the names of each quantity and indicator in one line, as `quantity/CODE`.
    """

    known: KnownNames
    quantities: dict[str, str]

    @classmethod
    def of(cls, tables: Tables) -> "Claims":
        """What the rows of some tables know."""
        quantities = {
            f"{row.get('scheme')}/{row.get('code')}": " | ".join(
                item for name in ("code", "label_en", "alternative") for item in row.cells[name]
            )
            for row in tables.of("concepts")
        }
        return cls(KnownNames.of(tables.rows, SCHEMES), quantities)

    def seen_from(self, folder: str) -> "Claims":
        """What a text may be checked with whose tables are in `folder`."""
        return replace(self, known=self.known.seen_from(folder))

    def check(
        self, row: Row, text: str, languages: tuple[str, ...], document: Row
    ) -> Iterator[Finding]:
        """The findings of a fact.

        Args:
            row: a row with evidence.
            text: the document.
            languages: the languages of the document.
            document: the row that describes it.
        """
        yield from check_denial(row, text)
        yield from check_counted(row, text, languages, self.quantities, document.get("issued"))
        yield from check_giver(row, text, self.known)
        if row.schema.name == "events":
            yield from check_held(row, text)
        yield from check_names(row, text, self.known, languages)
        yield from check_own_numbers(row, text, languages, self.known, document)


def check_issued(document: Row, text: str) -> Iterator[Fault]:
    """The doubt about a document whose text does not name the month, or year, of its issue."""
    issued = document.get("issued")
    if issued is None:
        return
    year, month = issued[:4], issued[:7]
    if not names_year(int(year), [text]):
        yield document.fault(
            "issued", f"the text does not name the year {year}", "correct it, or leave it empty"
        )
    elif len(month) == len("2018-06") and not names_period(month, [text]):
        yield document.fault(
            "issued", f"the text does not name the month {month}", f"correct it, or write {year}"
        )
