"""Comparing one number of a claim with one figure: in what they agree, and in what they differ."""

import operator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import IntEnum

from kzgraph.checking.claim_reading import CHANGE, OTHER
from kzgraph.checking.known_figures import Figures, Known
from kzgraph.checking.names_of_things import OTHER_COUNTRY
from kzgraph.checking.units import DOLLARS, HOUSEHOLDS, PER_CENT, PERSONS
from kzgraph.checking.verdicts import Dimension, Finding, Quantified, Reason, Verdict
from kzgraph.iri import thing

#: How far a rounded number may be from what it is a rounding of, as a part of it.
_FARTHEST = Decimal("0.075")
#: The digits of a number that is not likely to be met by chance.
_TELLING = 3
#: A slip of scale: thousands for millions, and the like.
_SCALES = tuple(Decimal(10) ** power for power in (3, 6, 9))
#: With what the code ends of those whom nobody registers.
NOBODY = "/none"
_IDENTIFICATION = thing("quantity", "identification").value
_STOCK, _PEOPLE = thing("quantity", "stock").value, thing("population-group", "PPL").value
_EXPENDITURE, _BUDGET = thing("quantity", "expenditure").value, thing("quantity", "budget").value
_CHANGES, _SHARES = frozenset({"change"}), frozenset({"share", "ratio"})
_PLANNED = frozenset(thing("quantity", name).value for name in ("budget", "requirement"))
_MONEY = frozenset({"money", "not-stated"})
#: Which numbers beside its own a bound allows.
_ALLOWS = {"lower": operator.gt, "upper": operator.lt}


def find_candidates(number: Quantified, figures: Figures) -> list[Known]:
    """The figures that may bear on a number of a claim."""
    value = abs(number.value)
    values = [value, *(value * scale for scale in _SCALES), *(value / scale for scale in _SCALES)]
    dimensions = (Dimension.GROUP, Dimension.QUANTITY, Dimension.SERIES)
    subjects = [code for each in dimensions for code in number.codes(each)]
    return figures.find(values, _FARTHEST * 2, subjects)


class Likeness(IntEnum):
    """How a number of a claim is to that of a figure."""

    OFF = 0
    ROUNDED = 1
    SAME = 2


@dataclass(frozen=True)
class Compared:
    """A figure beside a number of a claim.

    Attributes:
        known: the figure.
        likeness: of the two numbers.
        unlike: in what the rest differs.
        named: the dimensions that the claim names and in which they agree.
    """

    known: Known
    likeness: Likeness
    unlike: tuple[Reason, ...]
    named: frozenset[Dimension]


def compare(number: Quantified, known: Known) -> Compared:
    """Set a number of a claim beside a figure."""
    unlike: list[Reason] = []
    named: set[Dimension] = set()

    def tell(dimension: Dimension, reason: Reason, agrees: bool | None) -> None:
        """Note whether they agree in a dimension; None where the claim says nothing of it."""
        if agrees:
            named.add(dimension)
        elif agrees is False:
            unlike.append(reason)

    tell(Dimension.PLACE, Reason.SCOPE, _same_scope(number, known))
    tell(Dimension.GROUP, Reason.GROUP, _same_group(number, known))
    tell(Dimension.ORIGIN, Reason.ORIGIN, _same_origin(number, known))
    tell(Dimension.QUANTITY, Reason.QUANTITY, _same_quantity(number, known))
    tell(Dimension.SERIES, Reason.SERIES, _same_series(number, known))
    registrar = number.code(Dimension.REGISTERED_BY)
    counted = known.measure == "stock" and known.unit == PERSONS
    if registrar and (known.registered_by or counted or registrar.endswith(NOBODY)):
        tell(Dimension.REGISTERED_BY, Reason.REGISTERED_BY, registrar == known.registered_by)
    tell(Dimension.TIME, Reason.TIME, same_time(number.code(Dimension.TIME), known))
    tell(Dimension.UNIT, Reason.UNIT, _same_unit(number, known))
    tell(Dimension.STATUS, Reason.STATUS, _same_status(number, known))
    likeness, hedged, scaled = _compare_values(number, known)
    if scaled and Reason.UNIT not in unlike:
        unlike.append(Reason.UNIT)
    found = set(number.codes(Dimension.QUANTITY)) == {_IDENTIFICATION}
    if found and likeness is Likeness.SAME and known.quantity == _STOCK:
        unlike.remove(Reason.QUANTITY)  # Who has been identified is known since.
    if likeness and not hedged:
        unlike.append(Reason.HEDGE)
    if likeness and known.measure in _CHANGES and not _same_direction(number, known):
        unlike.append(Reason.DIRECTION)
    is_money = known.unit_kind in _MONEY
    if number.unread or (is_money and number.read and not number.code(Dimension.QUANTITY)):
        # Of money that is budgeted, spent or received a claim has to say which.
        unlike.append(Reason.UNREAD)
    return Compared(known, likeness, tuple(unlike), frozenset(named))


def judge(compared: Compared, number: Quantified) -> Finding | None:
    """What a figure makes of a number of a claim; None where the two have little in common."""
    known, unlike = compared.known, set(compared.unlike)

    def found(verdict: Verdict) -> Finding:
        return Finding(verdict, known.node, _reasons(compared), value=known.amount)

    if known.is_computed:
        # What nobody states is told beside the rest, and decides nothing.
        return None
    if not compared.likeness:
        return _judge_other_value(compared, number)
    if known.is_foreseen and Reason.STATUS in unlike:
        # Money that was asked for or planned is told as received or spent.
        pair = {Reason.QUANTITY} if known.unit_kind in _MONEY else set()
        undated = set() if known.is_dated else {Reason.TIME}
        if unlike <= {Reason.STATUS, Reason.HEDGE, Reason.SCOPE, *pair, *undated}:
            return found(Verdict.FORECAST)
    if not unlike and compared.likeness is Likeness.ROUNDED and not _is_about(compared, number):
        return None  # "50 % of the budget" is no rounding of another 47 %.
    if not unlike:
        return found(Verdict.STATED if compared.likeness is Likeness.SAME else Verdict.ROUNDED)
    if Reason.UNREAD in unlike:
        return None
    if any(place.startswith(OTHER_COUNTRY) for place in number.codes(Dimension.PLACE)):
        return None  # Of that country nothing is stated here.
    if Reason.SCOPE in unlike and unlike <= {Reason.SCOPE, Reason.HEDGE, Reason.REGISTERED_BY}:
        return found(Verdict.OTHER_SCOPE)
    if Reason.TIME in unlike and not known.is_dated:
        return None  # Its document does not say of when it is: neither is it of another time.
    if len(unlike - {Reason.HEDGE}) <= 1 and _is_telling(compared, number):
        return found(Verdict.CONTRADICTED)
    same = compared.likeness is Likeness.SAME
    if len(unlike) == 2 and same and count_digits(number) >= _TELLING:
        return found(Verdict.CONTRADICTED)
    return None


def _is_about(compared: Compared, number: Quantified) -> bool:
    """Whether a rounded number says what it is of, or has digits enough to be known by."""
    subject = {Dimension.GROUP, Dimension.QUANTITY, Dimension.SERIES, Dimension.ORIGIN}
    return bool(compared.named & subject) or count_digits(number) > 1


def _is_telling(compared: Compared, number: Quantified) -> bool:
    """Whether it is no chance that a number is there too, though of something else."""
    if compared.likeness is Likeness.SAME and count_digits(number) >= _TELLING:
        return True
    subject = {Dimension.GROUP, Dimension.QUANTITY, Dimension.SERIES}
    return bool(compared.named & subject) or len(compared.named) >= _TELLING


def _judge_other_value(compared: Compared, number: Quantified) -> Finding | None:
    """The claim is of what a figure is of, and has another number."""
    named, known = compared.named, compared.known
    is_part = known.measure in _CHANGES | _SHARES
    if compared.unlike or (is_part and number.code(Dimension.UNIT) != PER_CENT):
        return None
    if known.bound in _ALLOWS and _ALLOWS[known.bound](abs(number.value), abs(known.amount)):
        return None  # "More than 7,000" may be 7,982.
    if any(each.inherited for each in number.read if each.dimension is Dimension.GROUP):
        return None  # "A country of nineteen million has 7,690 stateless people."
    subject = {Dimension.GROUP, Dimension.SERIES} & named or (
        Dimension.QUANTITY in named and known.quantity != _STOCK
    )
    placed = {Dimension.PLACE, Dimension.TIME} & named
    if not subject or not placed:
        return None
    if known.unit_kind in _MONEY and Dimension.QUANTITY not in named:
        return None
    reasons = [Reason.VALUE]
    if _slipped(number, known):
        reasons.insert(0, Reason.DIGITS)
    return Finding(Verdict.CONTRADICTED, known.node, tuple(reasons), value=known.amount)


def _reasons(compared: Compared) -> tuple[Reason, ...]:
    rounded = [Reason.ROUNDING] if compared.likeness is Likeness.ROUNDED else []
    return (*compared.unlike, *rounded)


def _same_scope(number: Quantified, known: Known) -> bool | None:
    places = number.codes(Dimension.PLACE)
    if not places:
        return None
    return all(place in (known.scope, known.country) for place in places)


def _same_group(number: Quantified, known: Known) -> bool | None:
    groups = number.codes(Dimension.GROUP)
    if known.unit_kind in _MONEY and not known.group:
        return None
    if not groups:
        return None
    if known.group == _PEOPLE:
        return OTHER not in groups or None
    if known.group.endswith("/NOG"):
        return None
    return all(group == known.group for group in groups)


def _same_origin(number: Quantified, known: Known) -> bool | None:
    origins = number.codes(Dimension.ORIGIN)
    if not origins:
        return False if known.origin and number.code(Dimension.GROUP) else None
    return all(origin == known.origin for origin in origins)


def _same_quantity(number: Quantified, known: Known) -> bool | None:
    codes = set(number.codes(Dimension.QUANTITY))
    changes = {code for code in codes if code.endswith(CHANGE)}
    codes -= changes
    if changes and known.measure not in _CHANGES:
        return False
    if codes == {_EXPENDITURE} and known.quantity == _BUDGET and number.code(Dimension.STATUS):
        return True  # What will be spent is a budget.
    if codes:
        of = known.quantity.removesuffix("-change") if known.measure in _CHANGES else known.quantity
        return known.quantity in codes or of in codes
    if changes:
        # Of what, the claim does not say: of how many there are, and not of those who came.
        return known.quantity.endswith(("/stock-change", CHANGE))
    if known.unit_kind == "ratio" and known.measure in _SHARES:
        return None if known.quantity.endswith("/stock-share") else _says_nothing(number)
    if known.quantity == _STOCK:
        return None
    return _says_nothing(number)


def _says_nothing(number: Quantified) -> bool | None:
    """None where a claim names nothing at all, so that any number may be meant; else False."""
    dimensions = {each.dimension for each in number.read}
    telling = {Dimension.GROUP, Dimension.ORIGIN, Dimension.QUANTITY}
    return False if dimensions & telling else None


def _same_series(number: Quantified, known: Known) -> bool | None:
    series = number.code(Dimension.SERIES)
    if series is None:
        part = known.series and not known.series.endswith("/total")
        return False if part and number.code(Dimension.QUANTITY) else None
    return series == known.series


def same_time(code: str | None, known: Known) -> bool | None:
    """Whether a figure is of a time that a claim names; None where it names none.

    The last day of a year and the first of the next are the same to a number at a date.
    """
    if code is None:
        return None
    if "/" in code:
        if known.since is not None:
            return known.since == int(code[:4])
        return known.measure in _CHANGES and known.year == int(code[-4:])
    if code.endswith("--"):
        return known.since == int(code[:4]) if known.since is not None else False
    if known.since is not None:
        return False
    if known.year is None or code.startswith("--"):
        return False
    if len(code) == len("2018"):
        return int(code) == known.year
    if known.date:
        if len(code) == len("2018-06"):
            return known.date.startswith(code)
        return abs(date.fromisoformat(code) - date.fromisoformat(known.date)) <= timedelta(days=1)
    if code.endswith("-01-01") and known.measure == "stock":
        return int(code[:4]) - 1 == known.year
    return int(code[:4]) == known.year


def _same_unit(number: Quantified, known: Known) -> bool | None:
    unit = number.code(Dimension.UNIT)
    if unit is None:
        if known.unit == PER_CENT and number.code(Dimension.GROUP):
            return False
        return None
    if unit == PERSONS:
        return known.unit == PERSONS
    if unit == HOUSEHOLDS:
        return known.unit == HOUSEHOLDS
    if unit == PER_CENT:
        return known.unit == PER_CENT
    if unit == DOLLARS:
        return known.unit_kind in _MONEY
    return False


def _same_status(number: Quantified, known: Known) -> bool | None:
    ahead = number.code(Dimension.STATUS) is not None
    if known.quantity in _PLANNED:
        codes = set(number.codes(Dimension.QUANTITY))
        return bool(codes & _PLANNED or ahead or not codes)
    if known.is_foreseen:
        return ahead if number.read else None
    if known.unit_kind in _MONEY or known.unit_kind == "ratio":
        return None
    return False if ahead else None


def _same_direction(number: Quantified, known: Known) -> bool:
    said = number.codes(Dimension.DIRECTION)
    return not said or ("down" if known.value < 0 else "up") in said


def _compare_values(number: Quantified, known: Known) -> tuple[Likeness, bool, bool]:
    """How the numbers are to each other, whether the hedges go together, and a slip of scale."""
    unit = number.code(Dimension.UNIT)
    amounts = [known.amount]
    if unit is None and known.value != known.amount:
        amounts.append(known.value)  # A bare number of a chart in millions.
    best = (Likeness.OFF, True, False)
    for amount in map(abs, amounts):
        likeness, hedged = compare_value(number, amount, known.bound)
        best = max(best, (likeness, hedged, False))
    if known.unit == PER_CENT and unit == DOLLARS:
        # "$45 million" for 45 per cent.
        slipped = any(abs(number.value) == abs(known.value) * scale for scale in _SCALES)
        return (Likeness.SAME, True, True) if slipped else (Likeness.OFF, True, False)
    if (
        best[0] is Likeness.OFF
        and abs(known.amount) >= _SCALES[0]
        and count_digits(number) >= _TELLING
    ):
        for scale in _SCALES:
            for other in (abs(known.amount) * scale, abs(known.amount) / scale):
                if abs(number.value) == other:
                    return Likeness.SAME, True, True
    return best


def compare_value(number: Quantified, amount: Decimal, bound: str) -> tuple[Likeness, bool]:
    """How a number of a claim is to an amount, and whether the hedges go together."""
    claimed = abs(number.value)
    hedges = set(number.codes(Dimension.HEDGE))
    if claimed == amount:
        return Likeness.SAME, _goes_with(hedges, bound)
    off = abs(claimed - amount)
    if not amount or off > amount * _FARTHEST or number.step <= 0:
        return Likeness.OFF, True
    if "exact" in hedges:
        return Likeness.OFF, True
    lower, upper = "lower" in hedges, "upper" in hedges
    # Of a sum of money the cents are left out as often as they are rounded.
    is_cut = number.step == 1 and claimed == amount // 1 and claimed >= _SCALES[0]
    near = off * 2 <= number.step or is_cut
    if lower and "approximate" not in hedges:
        cut = claimed <= amount < claimed + number.step
        return (Likeness.ROUNDED, True) if cut else (Likeness.OFF, True)
    if upper and "approximate" not in hedges:
        cut = claimed - number.step < amount <= claimed
        return (Likeness.ROUNDED, True) if cut else (Likeness.OFF, True)
    if not near:
        return Likeness.OFF, True
    if bound in ("lower", "upper"):
        return Likeness.ROUNDED, bound in hedges
    return Likeness.ROUNDED, True


def _goes_with(hedges: set[str], bound: str) -> bool:
    """Whether a claim hedges a number as its document does."""
    if bound == "exact":
        return not hedges or bool(hedges & {"exact", "approximate"})
    return bound in hedges


def count_digits(number: Quantified) -> int:
    """How many digits of a number count."""
    whole = str(int(abs(number.value) / number.step)) if number.step else ""
    return len(whole)


def _slipped(number: Quantified, known: Known) -> bool:
    """Whether the claim has the digits of the figure, with one slip of the hand."""
    ours, theirs = str(abs(number.value)), str(abs(known.amount))
    if len(ours) != len(theirs) or len(ours) < _TELLING or ours == theirs:
        return False
    differing = [
        at for at, (one, other) in enumerate(zip(ours, theirs, strict=True)) if one != other
    ]
    if len(differing) == 1:
        return len(ours) > _TELLING
    return len(differing) == 2 and sorted(ours) == sorted(theirs)
