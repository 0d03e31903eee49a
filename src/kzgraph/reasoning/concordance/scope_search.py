"""Rules 2 and 4: one set of countries, or of activities, explains all numbers together.

Rule 2 takes all figures of people of one scope and year. The candidates are the countries of the
region of the scope. A scope whose countries are stated is looked at too where one of its large
figures disagrees. Where the numbers of one year cannot tell chance from truth, as there is just
one of them, the sets that were found for the same scope in other years are tried alone.

Rule 4 takes all figures of money of one document, scope and unit where the unit is not stated: the
numbers of a chart. The candidates are the activities of the region. One factor of the units of a
currency has to explain four in five of all numbers that there are cells for, those of each year by
one set of activities; what is left may have been revised.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import TypeAlias

from kzgraph.namespaces import Term
from kzgraph.reasoning.concordance.cell_totals import Total
from kzgraph.reasoning.concordance.country_sets import Search, Target, search_sets
from kzgraph.reasoning.concordance.explaining import (
    Finding,
    Table,
    gap,
    in_units,
    is_part,
)
from kzgraph.reasoning.concordance.number_matches import Found, match
from kzgraph.reasoning.concordance.questions import Question

#: By unit of money, the official units of its currency, and how many of them one is.
Units: TypeAlias = Mapping[Term, Mapping[Term, Decimal]]
#: A set that would be met by chance less often than this, by several numbers, is sure.
_SURE = 1e-5
#: The share of the numbers of a chart that may differ from the official ones, as when revised.
_AMISS = 0.2


def explain_by_scope(questions: Iterable[Question], table: Table) -> Iterator[Finding]:
    """Rule 2 for all of the `questions`; several findings for one where several sets remain."""
    groups: dict[tuple[Term | None, tuple[int, ...]], list[Question]] = defaultdict(list)
    for question in questions:
        is_asked = question.groups and question.is_dated and question.region
        if is_asked and question.form == "number" and not is_part(question):
            groups[question.figure.cell.get("scope"), question.years].append(question)
    searches: dict[tuple[Term | None, tuple[int, ...]], tuple[Search, list[Target]]] = {}
    established: dict[Term | None, set[frozenset[Term]]] = defaultdict(set)
    for key, asked in groups.items():
        targets = _targets(asked, table)
        search = search_sets(targets, asked[0].region)
        searches[key] = search, targets
        if search.is_claimed and len(search.sets) == 1:
            established[key[0]].add(search.sets[0])
    for key, asked in groups.items():
        search, targets = searches[key]
        known = established[key[0]]
        if search.sets and not search.is_claimed and known:
            again = search_sets(targets, asked[0].region, known)
            if again.is_claimed:
                # Whatever else explains the numbers of this year is told as well.
                search = Search(search.sets, search.undetermined, again.chance)
        if search.is_claimed:
            yield from _findings(asked, targets, search)


def _targets(asked: Sequence[Question], table: Table) -> list[Target]:
    return [
        Target(
            in_units(question),
            {
                country: table.total(question, frozenset({country}), question.years)
                for country in question.region
            },
            not any(other.groups < question.groups for other in asked),
        )
        for question in asked
    ]


def _findings(
    asked: Sequence[Question], targets: Sequence[Target], search: Search
) -> Iterator[Finding]:
    count = len(search.sets)
    sure = "high" if search.chance <= _SURE and len(targets) > 1 else "medium"
    for question, target in zip(asked, targets, strict=True):
        for number, members in enumerate(search.sets, start=1):
            if members == question.countries:
                continue
            total = _total(target.parts, members)
            how = match(target.number, Found.of(total))
            yield Finding(
                question,
                "scope",
                total,
                further=() if how in (None, "same") else (how,),
                confidence="low" if count > 1 else sure,
                difference=gap(question, total),
                countries=members,
                undetermined=search.undetermined,
                number=number,
                of=count,
            )


def _total(parts: Mapping[Term, Total], members: Iterable[Term]) -> Total:
    return sum((parts[member] for member in sorted(members, key=str)), Total())


def explain_by_unit(questions: Iterable[Question], table: Table, units: Units) -> Iterator[Finding]:
    """Rule 4 for all of the `questions` with bare numbers.

    Amounts with a unit and a scope whose countries nobody states are looked for in the same way, in
    their unit; what is found then is the scope.

    Args:
        questions: of whatever documents.
        table: the official figures.
        units: by unit of money, the official units of its currency, and how many of them one is.
    """
    charts: dict[tuple[Term | None, ...], list[Question]] = defaultdict(list)
    for question in questions:
        is_open = question.is_bare or bool(question.units and not question.countries)
        if is_open and question.is_dated and question.region:
            cell = question.figure.cell
            charts[question.figure.document, cell.get("scope"), cell.get("unit")].append(question)
    for asked in charts.values():
        own = asked[0].figure.cell.get("unit")
        tried = [
            (unit, official, factor)
            for unit in sorted(units, key=str)
            if asked[0].is_bare or unit == own
            for official, factor in sorted(units[unit].items(), key=str)
        ]
        explained = [found for each in tried if (found := _chart(asked, table, *each))]
        # Two units that explain a chart are no explanation.
        if len(explained) == 1:
            yield from explained[0]


def _chart(
    asked: Sequence[Question],
    table: Table,
    unit: Term,
    official: Term,
    factor: Decimal,
) -> list[Finding]:
    """The findings for a chart if its numbers are in `unit`; none where too few are explained."""
    found: list[Finding] = []
    missed: list[Finding] = []
    by_year: dict[tuple[int, ...], list[Question]] = defaultdict(list)
    for question in asked:
        by_year[question.years].append(question)
    for years, together in sorted(by_year.items()):
        targets = []
        for question in together:
            parts: dict[Term, Total] = {}
            for cell in table.find(question, question.region, years):
                if cell.member is not None and cell.unit == official:
                    parts[cell.member] = parts.get(cell.member, Total()) + Total((cell,))
            targets.append(Target(question.number.scale(factor), parts))
        members = {member for target in targets for member in target.parts}
        if not members:
            continue
        agreeing, chosen = _agreeing(targets, members)
        for question, target in zip(together, targets, strict=True):
            total = _total({**dict.fromkeys(members, Total()), **target.parts}, chosen)
            if target in agreeing:
                found.append(_in_unit(question, target, total, unit))
            elif target.parts:
                missed.append(_amiss(question, target, total, unit))
    return [*found, *missed] if len(missed) <= _AMISS * (len(found) + len(missed)) else []


def _agreeing(
    targets: Sequence[Target], members: Collection[Term]
) -> tuple[list[Target], frozenset[Term]]:
    """The most of the numbers of a year that one set explains together, and the set.

    A number may have been revised since: all are tried, then all but one, and so on.
    """
    told = [target for target in targets if target.parts]
    for count in range(len(told), 0, -1):
        for chosen in combinations(told, count):
            search = search_sets(chosen, members)
            if search.is_claimed and len(search.sets) == 1:
                return list(chosen), search.sets[0]
    return [], frozenset()


def _amiss(question: Question, target: Target, total: Total, unit: Term) -> Finding:
    """A number that is not the official one of those who explain the others of its year."""
    if not total.cells:
        return Finding(question, "not-found")
    difference = target.number.value - total.value
    found = unit if question.is_bare else None
    return Finding(question, "not-found", total, difference=difference, unit=found)


def _in_unit(question: Question, target: Target, total: Total, unit: Term) -> Finding:
    how = match(target.number, Found.of(total))
    # An activity that is called as the scope is no other scope.
    is_own = bool(question.countries) or all(map(question.names, total.cells))
    why = [
        *(["unit"] if question.is_bare else []),
        *([] if is_own else ["scope"]),
        *([] if how in (None, "same") else [how]),
    ]
    return Finding(
        question,
        why[0] if why else "same",
        total,
        further=tuple(why[1:]),
        confidence="high",
        difference=target.number.value - total.value,
        unit=unit if question.is_bare else None,
    )
