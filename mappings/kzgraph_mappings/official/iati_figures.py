"""The figures of an activity as triples: money, and values of indicators."""

from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode

from kzgraph.iri import ID, thing
from kzgraph.namespaces import XSD
from kzgraph.sources import Sink
from kzgraph.tables import Time
from kzgraph_mappings.curies import curie, number_literal
from kzgraph_mappings.official.iati_shared import Things
from kzgraph_mappings.official.iati_values import code_segment

#: Code of a transaction to the quantity that it is an amount of.
#: https://iatistandard.org/en/iati-standard/203/codelists/transactiontype/
TRANSACTION_QUANTITIES = {
    "1": "incoming-funds",
    "2": "outgoing-commitment",
    "3": "disbursement",
    "4": "direct-expenditure",
    "5": "interest-payment",
    "6": "loan-repayment",
    "7": "reimbursement",
    "8": "purchase-of-equity",
    "9": "sale-of-equity",
    "10": "credit-guarantee",
    "11": "incoming-commitment",
    "12": "outgoing-pledge",
    "13": "incoming-pledge",
}


@dataclass(frozen=True)
class Money:
    """An amount of money.

    Attributes:
        quantity: what it is an amount of, a code of the scheme.
        time: its day or period.
        value: the amount, with its sign.
        unit: its currency.
        line: where it stands.
        is_headline: whether a plain sum counts it.
        kinds: the type and the status of a budget.
        valued: the day of the rate of exchange.
        reference: what the publisher calls it; nothing where it has no name.
        funder: who provides it.
        recipient: who receives it.
        country: the one country that it is about.
        subjects: sectors of its own.
    """

    quantity: str
    time: Time
    value: Literal
    unit: NamedNode
    line: int
    is_headline: bool
    kinds: tuple[NamedNode, ...] = ()
    valued: date | None = None
    reference: str = ""
    funder: NamedNode | None = None
    recipient: NamedNode | None = None
    country: NamedNode | None = None
    subjects: tuple[NamedNode, ...] = ()


class ActivityGraph:
    """Writes what a file says of one activity.

    Attributes:
        identifier: of the activity.
        node: the activity.
        things: what the file speaks of.
        is_written: whether what is said is written; not of what a newer file says.
    """

    def __init__(self, identifier: str, things: Things, sink: Sink) -> None:
        """Write to the graph of a file what it says of the activity called `identifier`."""
        self.identifier, self.things = identifier, things
        self.node = things.activity(identifier)
        self.is_written = True
        self._sink = sink
        self._base = f"official/iati/{code_segment(identifier)}"
        self._used: dict[str, int] = {}

    def say(self, subject: NamedNode, name: str, value: NamedNode | Literal) -> None:
        """Write one triple, its property by prefixed name."""
        if self.is_written:
            self._sink.line(f"{subject} {curie(name)} {value}")

    def name(self, path: str) -> NamedNode:
        """A thing of the activity; what has the same path as an earlier one gets a number."""
        count = self._used[path] = self._used.get(path, 0) + 1
        number = f"/{count}" if count > 1 else ""
        return NamedNode(f"{ID}{self._base}/{path}{number}")

    def write_money(self, money: Money) -> None:
        """Write an amount of money."""
        figure = self.name(f"{money.quantity}/{money.time.slug}")
        self._begin_figure(figure, money.line, is_headline=money.is_headline)
        self.say(figure, "kzg:quantity", thing("quantity", money.quantity))
        self.say(figure, "kzg:unit", money.unit)
        self._write_time(figure, money.time)
        self.say(figure, "kzg:officialValue", money.value)
        for kind in money.kinds:
            self.say(figure, "kzg:kind", kind)
        if money.valued and money.valued != money.time.end:
            day = Literal(money.valued.isoformat(), datatype=XSD["date"])
            self.say(figure, "dcterms:valid", day)
        if money.reference:
            self.say(figure, "schema:identifier", Literal(money.reference))
        for name, node in (
            ("schema:funder", money.funder),
            ("schema:recipient", money.recipient),
            ("kzg:country", money.country),
        ):
            if node:
                self.say(figure, name, node)
        for subject in money.subjects:
            self.say(figure, "dcterms:subject", subject)

    def write_value(
        self, indicator: NamedNode, status: str, time: Time, value: Literal, line: int
    ) -> NamedNode:
        """Write a value of an indicator; its node."""
        path = indicator.value.removeprefix(f"{ID}{self._base}/")
        figure = self.name(f"{path}/{status}/{time.slug}")
        self._begin_figure(figure, line, is_headline=False)
        self.say(figure, "schema:variableMeasured", indicator)
        self.say(figure, "kzg:status", thing("status", status))
        self._write_time(figure, time)
        self.say(figure, "kzg:officialValue", value)
        return figure

    def _begin_figure(self, figure: NamedNode, line: int, *, is_headline: bool) -> None:
        self.say(figure, "rdf:type", curie("kzg:OfficialFigure"))
        if is_headline:
            self.say(figure, "rdf:type", curie("kzg:OfficialHeadlineFigure"))
        self.say(figure, "kzg:scope", self.node)
        self.say(figure, "kzg:activity", self.node)
        self.say(figure, "kzg:row", number_literal(str(line)))

    def _write_time(self, figure: NamedNode, time: Time) -> None:
        self.say(figure, "kzg:time", self.things.time(time))
        if time.year is not None:
            self.say(figure, "kzg:year", number_literal(str(time.year)))
