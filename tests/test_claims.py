# ruff: noqa: RUF001 (words in Cyrillic)
"""What a row says is what its page says: no denial lost, no other name, number, unit or status."""

from functools import cache

import pytest

from fixed_tables import read_fixed_tables
from kzgraph.tables import Row, project_schemas
from kzgraph.verification.claims import Claims, check_issued
from kzgraph.verification.known_names import KnownNames

SURE, DOUBT, NOTHING = "fault", "warning", ""

EXTRA = [
    ("places", "place/osh", "Osh", "Ош", "Ош", {"within": "country/KGZ"}),
    ("places", "place/batken", "Batken", "Баткен", "Баткен", {"within": "country/KGZ"}),
    ("places", "place/samarkand-region", "Samarkand region", "Самаркандская область", "", {}),
    ("places", "place/tashkent-region", "Tashkent region", "Ташкентская область", "", {}),
    ("places", "country/IRQ", "Iraq", "Ирак", "Ирак", {}),
    ("places", "country/RUS", "Russian Federation", "Россия", "Ресей", {}),
    ("places", "country/AUT", "Austria", "Австрия", "Аустрия", {}),
    ("organisations", "organisation/ministry-x", "Ministry of Justice of X", "", "", {}),
    (
        "instruments",
        "instrument/convention-1961",
        "1961 Convention on the Reduction of Statelessness",
        "Конвенция о сокращении безгражданства 1961 года",
        "",
        {},
    ),
]


def make(table: str, cells: dict[str, str]) -> Row:
    """A row of a table, with the items of its cells apart by blanks where they may be several."""
    schema = project_schemas()[table]
    items = {
        name: cells.get(name, "").split()
        if name in ("evidence", "context", "concerns", "within", "country")
        else [cells[name]]
        if cells.get(name)
        else []
        for name in schema.by_name
    }
    return Row(schema, "note", f"note/{table}.csv", 2, items)


@cache
def knowledge() -> tuple[Claims, Row]:
    extra = [
        make(table, {"id": thing, "label_en": en, "label_ru": ru, "label_kk": kk} | more)
        for table, thing, en, ru, kk, more in EXTRA
    ]
    tables = read_fixed_tables()
    document = make("document", {"title": "A note", "issued": "2020-06"})
    return Claims.of(type(tables)((*tables.rows, *extra))), document


def judge(table: str, cells: str, evidence: str, context: str = "") -> list[tuple[str, str]]:
    """The findings of a row `column value, ...`; spans are apart by `||`, `[]` around a part."""
    text, spans = "", {"evidence": list[str](), "context": list[str]()}
    for column, said in (("evidence", evidence), ("context", context)):
        for each in filter(None, said.split(" || ")):
            text += "\n\n"
            before, bracket, rest = each.partition("[")
            inside, _, after = rest.partition("]") if bracket else (each, "", "")
            before = before if bracket else ""
            start = len(text) + len(before)
            spans[column].append(f"{start}-{start + len(inside)}")
            text += before + inside + after
    row = dict(cell.split(" ", 1) for cell in cells.split("; ") if cell)
    row |= {column: " ".join(each) for column, each in spans.items()}
    claims, document = knowledge()
    made = make(table, {"key": "k", "label": "-"} | row)
    languages = ("ru", "kk") if any("а" <= letter <= "я" for letter in text) else ("en",)
    found = claims.check(made, text, languages, document)
    return [(each.fault.column, SURE if each.sure else DOUBT) for each in found]


KIND = "kind state-party; participant country/UZB; instrument instrument/refugee-convention-1951"
NOT_KIND = KIND.replace("state-party", "not-a-party")


@pytest.mark.parametrize(
    ("cells", "evidence", "expected"),
    [
        (KIND, "Uzbekistan has not joined the 1951 Refugee Convention", SURE),
        (KIND, "Узбекистан пока не присоединился к Конвенции о беженцах", SURE),
        (KIND, "Өзбекстан 1951 жылғы Конвенцияға қосылған жоқ", SURE),
        (KIND, "Өзбекстан 1951 жылғы Конвенцияға әлі қосылмаған", SURE),
        (KIND, "Өзбекстан 1951 жылғы Конвенцияның тарабы емес", SURE),
        (KIND, "Uzbekistan hasn\u2019t yet [acceded to the 1951 Refugee Convention]", SURE),
        (KIND, "Uzbekistan has yet to join the 1951 Refugee Convention", SURE),
        (KIND, "Uzbekistan is party to the 1951 Refugee Convention, but not to others", DOUBT),
        (KIND, "Uzbekistan joined not only the 1951 Refugee Convention", NOTHING),
        (KIND, "Узбекистан присоединился к Конвенции о беженцах", NOTHING),
        (KIND, "Өзбекстан 1951 жылғы Конвенцияға қосылды", NOTHING),
        (NOT_KIND, "Uzbekistan has not joined the 1951 Refugee Convention", NOTHING),
        (NOT_KIND, "UNHCR asks that Uzbekistan be outside the 1951 Convention no more", NOTHING),
        (NOT_KIND, "Uzbekistan is party to the 1951 Refugee Convention", DOUBT),
    ],
)
def test_a_state_that_has_not_joined_is_no_party(cells: str, evidence: str, expected: str) -> None:
    assert dict(judge("participations", cells, evidence)).get("kind", "") == expected


@pytest.mark.parametrize(
    ("table", "said", "evidence", "expected"),
    [
        ("statements", "The country joined the treaty.", "Страна пока не присоединилась", DOUBT),
        ("statements", "The country stays outside.", "Страна пока не присоединилась", NOTHING),
        ("statements", "The country has no such law.", "Елде мұндай заң жоқ", NOTHING),
        ("statements", "The country did not join.", "Елі Конвенцияға қосылды", DOUBT),
        ("legal_changes", "A law was passed.", "The law has not been adopted", DOUBT),
        ("legal_changes", "A law was passed.", "заң қабылданған жоқ", DOUBT),
        ("legal_changes", "A law was passed.", "заң қабылданды", NOTHING),
    ],
)
def test_a_description_denies_what_its_evidence_denies(
    table: str, said: str, evidence: str, expected: str
) -> None:
    found = judge(table, f"kind situation; description {said}", evidence)
    assert dict(found).get("description", "") == expected


AS_DONOR = "scope operation/kazakhstan; donor"


@pytest.mark.parametrize(
    ("table", "cells", "evidence", "context", "expected"),
    [
        ("contributions", f"{AS_DONOR} country/DNK", "Norway gave 2 million", "", SURE),
        ("contributions", f"{AS_DONOR} country/KOR", "Япония", "", SURE),
        ("contributions", f"{AS_DONOR} country/KOR", "Японией 1,1", "", SURE),
        ("contributions", f"{AS_DONOR} country/JPN", "Оңтүстік Кореядан", "", SURE),
        ("contributions", f"{AS_DONOR} country/AUT", "Australia", "", SURE),
        ("contributions", f"{AS_DONOR} country/DNK", "money came from Norway in May", "", DOUBT),
        ("contributions", f"{AS_DONOR} country/NOR", "Norwegian money for Ukraine", "", NOTHING),
        ("contributions", f"{AS_DONOR} country/NOR", "Kazakhstan got 2 million", "", NOTHING),
        ("contributions", f"{AS_DONOR} country/NOR", "Japan and Norway", "", NOTHING),
        ("contributions", f"{AS_DONOR} country/NOR", "2,1 млн Норвегии", "", NOTHING),
        ("contributions", f"{AS_DONOR} country/JPN", "Жапониядан", "", NOTHING),
        ("population", "scope country/KAZ; origin country/IRQ", "[Россия 275]", "", SURE),
        (
            "population",
            "scope country/KAZ; origin country/IRQ",
            "[275] || x",
            "Russian Federation",
            SURE,
        ),
        ("population", "scope country/KAZ; origin country/IRQ", "[275] из Ирака", "Ирак", NOTHING),
        ("population", "scope country/KAZ; origin country/AFG", "391 афганца", "", NOTHING),
        ("population", "scope country/KAZ; origin country/AFG", "391", "Kazakhstan", NOTHING),
        ("partnerships", "partner organisation/ministry-x", "Ministry of Justice", "", NOTHING),
        ("partnerships", "partner organisation/ministry-x", "Ministry of Healthcare", "", SURE),
        ("indicators", "scope place/osh", "two of them in Batken", "", DOUBT),
        ("indicators", "scope place/osh", "Баткен 2", "", SURE),
        ("indicators", "scope place/osh", "two in Osh", "", NOTHING),
        ("indicators", "scope place/osh", "двое из них в Оше", "", NOTHING),
        ("indicators", "scope country/KGZ", "two of them in Batken", "", NOTHING),
        ("indicators", "scope place/tashkent-region", "Самаркандская область 300", "", SURE),
        ("indicators", "scope place/tashkent-region", "300", "в Ташкентской области", NOTHING),
        (
            "participations",
            "kind state-party; participant country/UZB; instrument instrument/convention-1961",
            "Узбекистан присоединился к Конвенции о статусе беженцев 1951 года",
            "",
            SURE,
        ),
        (
            "participations",
            "kind state-party; participant country/UZB",
            "Казахстан присоединился",
            "",
            SURE,
        ),
        ("participations", "kind state-party; participant country/UZB", "Узбекистану", "", NOTHING),
    ],
)
def test_a_row_names_what_its_evidence_names(
    table: str, cells: str, evidence: str, context: str, expected: str
) -> None:
    found = dict(judge(table, cells, evidence, context))
    name = next(
        each.split()[0]
        for each in reversed(cells.split("; "))
        if each.split()[0] in ("donor", "partner", "origin", "instrument", "participant", "scope")
    )
    assert found.get(name, "") == expected


@pytest.mark.parametrize(
    ("cells", "evidence", "context", "expected"),
    [
        ("group REF; value 27600", "27,6 тыс. лиц без гражданства", "", SURE),
        ("group REF; value 12", "Лиц без гражданства 12", "", SURE),
        ("group ASY; value 12", "12 босқын", "", SURE),
        ("group STA; value 12", "12 recognised refugees", "", SURE),
        ("group REF; value 12", "12", "Asylum-seekers", DOUBT),
        ("group REF; value 27600", "Лиц без гражданства числилось 27,6 тыс.", "", DOUBT),
        ("group REF; value 12", "12 беженцев", "", NOTHING),
        ("group ASY; value 12", "12 лицам, ищущим убежище", "", NOTHING),
        ("group POC; value 12", "12 refugees", "", NOTHING),
        ("group PPL; value 12", "12 refugees", "", DOUBT),
        ("group HHT; value 12", "12 refugee families", "", NOTHING),
        ("group ASY; value 30", "120 refugees and 30 asylum-seekers", "", NOTHING),
        ("sex male; value 1940", "1 940 женщин", "", SURE),
        ("sex male; value 1940", "1 940 әйел", "", SURE),
        ("sex female; value 655", "655 of them boys and men", "", SURE),
        ("sex female; value 655", "655 девочек", "", NOTHING),
        ("sex male; value 655", "655 men, 420 women", "", NOTHING),
        ("sex male; value 47", "Women and girls are 47% of refugees", "", SURE),
        ("sex male; value 492", "492-сі – әйел", "", SURE),
        ("sex male; value 492", "492 – әйел", "", SURE),
        ("sex male; value 492", "[492] – women 300", "", NOTHING),
        ("sex female; value 47", "Women and girls are 47% of refugees", "", NOTHING),
        ("sex male; value 47", "of women, in all regions, 47", "", DOUBT),
        ("age children; value 318", "318 – старше 65", "", SURE),
        ("age 60-plus; value 318", "318 – старше 65", "", NOTHING),
        ("age adults; value 402", "402 were under 18", "", SURE),
        ("age children; value 57", "57 were 60 or older", "", SURE),
        ("age children; value 57", "57", "60+", SURE),
        ("age adults; value 57", "57 человек младше 18 лет", "", SURE),
        ("age children; value 57", "57 адам 18 жасқа дейінгі", "", NOTHING),
        ("age 60-plus; value 57", "57 were 60 or older", "", NOTHING),
        ("age adults; value 57", "57 were 60 or older", "", NOTHING),
        ("age children; value 57", "57 детей", "", NOTHING),
    ],
)
def test_a_number_is_of_the_group_that_its_text_names(
    cells: str, evidence: str, context: str, expected: str
) -> None:
    found = dict(judge("population", f"scope country/KAZ; {cells}", evidence, context))
    assert found.get(cells.split()[0], "") == expected


@pytest.mark.parametrize(
    ("cells", "evidence", "expected"),
    [
        ("description From 15 years to twelve.", "с пятнадцати лет до десяти", SURE),
        ("description From 15 years to ten.", "с пятнадцати лет до десяти", NOTHING),
        ("description To be done by 2028.", "to be done by 2027", SURE),
        ("description Two ministries agreed.", "the ministries of A and B agreed", NOTHING),
        ("label End of September 2025; time 2026-Q3", "at the end of Q3 2026", SURE),
        ("label September 2026; time 2026-Q3", "in the third quarter", NOTHING),
        ("description In 2030 it is on the way.", "the agenda is on the way", SURE),
        ("description Agenda 2030 is on the way.", "the agenda is on the way", DOUBT),
        ("description It joined the 1951 Refugee Convention.", "it joined", NOTHING),
        ("description EXPO 2017 was held.", "it was held", NOTHING),
        ("description About 12,500 people came.", "пришли около 12,5 тыс. человек", NOTHING),
        ("description About 12,600 people came.", "пришли около 12,5 тыс. человек", SURE),
    ],
)
def test_own_words_have_the_numbers_of_the_text(cells: str, evidence: str, expected: str) -> None:
    found = dict(judge("statements", f"kind presentation; {cells}", evidence))
    assert found.get(cells.split()[0], "") == expected


@pytest.mark.parametrize(
    ("cells", "evidence", "context", "expected"),
    [
        ("status planned; value 10", "10", "Actual 2024", "status fault"),
        ("status actual; value 10", "10", "Planned 2025", "status fault"),
        (
            "status actual; value 500",
            "reached 415 or 83% of the target of [the target of 500]",
            "",
            "status fault",
        ),
        ("status planned; value 2700000", "получено 2,7 млн", "", "status fault"),
        ("status actual; value 500", "при плане 500", "", "status fault"),
        ("status actual; value 500", "жоспар: 500", "", "status fault"),
        ("status planned; value 10", "10 homes", "What we achieved", "status warning"),
        ("status actual; value 10", "10 homes are needed there", "", "status warning"),
        ("status actual; value 10", "10 of the 20 planned were reached", "", ""),
        ("status target; value 500", "the target of 500", "", ""),
        ("status actual; value 640", "640 out of school", "Needs", ""),
        ("status planned; value 500", "план 500", "", ""),
        ("status planned; value 500", "обещано 500, пока не поступили", "", ""),
        ("status planned; value 500", "500 уәде етілді, түскен жоқ", "", ""),
        ("status planned; value 500", "500 are promised, and not received", "", ""),
        ("status actual; value 134", "134 (120)", "Итоги (в скобках – план)", ""),
        ("status planned; value 120", "134 (120)", "Итоги (в скобках – план)", ""),
        ("status actual; value 120", "134 (120)", "Итоги (в скобках – план)", "status warning"),
        ("status actual; value 134", "134 (120)", "Results (plan in brackets)", ""),
        ("status actual; value 134", "134 (120)", "Нәтижелер (жақшада – жоспар)", ""),
        ("unit persons; value 953", "953 семьи", "", "unit fault"),
        ("unit persons; value 45", "45 refugee families", "", "unit fault"),
        ("unit persons; value 45", "45 отбасы", "", "unit fault"),
        ("unit persons; value 45", "45", "Cash grants (families)", "unit warning"),
        ("unit households; value 45", "45 people", "", "unit fault"),
        ("unit households; value 45", "45 families", "", ""),
        ("unit persons; value 45", "45 women and their families", "", ""),
        ("unit percent; value 45", "45 адамға аз", "", "unit fault"),
        ("unit percent; value 45", "45 % of people", "", ""),
        ("unit persons; value 60", "57 were 60 or older", "", "value fault"),
        ("unit persons; value 57", "57 were 60 or older", "", ""),
        ("unit persons; value 60", "57 человек старше 60 лет", "", "value fault"),
    ],
)
def test_a_number_counts_what_its_text_counts(
    cells: str, evidence: str, context: str, expected: str
) -> None:
    found = judge("indicators", f"scope country/KAZ; {cells}", evidence, context)
    assert [f"{column} {outcome}" for column, outcome in found] == list(filter(None, [expected]))


@pytest.mark.parametrize(
    ("table", "cells", "evidence", "expected"),
    [
        ("finance", "quantity funded-share; value 45", "Gap 45%", SURE),
        ("finance", "quantity funded-share; value 45", "дефицит 45 %", SURE),
        ("finance", "quantity unfunded-amount; value 45", "Gap 45", NOTHING),
        ("finance", "quantity funded-share; value 45", "funded 45%", NOTHING),
        ("finance", "quantity funded-share; value 45", "funded 45%, gap 55%", DOUBT),
        ("pledges", "time 2027", "to be done by 2027", SURE),
        ("pledges", "time 2027-12", "before the end of 2027", SURE),
        ("pledges", "time 2027", "к концу 2027 года", SURE),
        ("pledges", "time 2027", "2027 жылға дейін", SURE),
        ("pledges", "time 2023", "pledged in 2023 to do so by 2027", NOTHING),
        ("pledges", "time 2027", "до 1 января 2027 года", SURE),
        ("pledges", "time 2023", "a pledge by Kazakhstan in 2023", NOTHING),
        ("pledges", "time 2023", "в 2023 году", NOTHING),
    ],
)
def test_a_gap_is_not_given_and_a_deadline_is_not_when_it_was_promised(
    table: str, cells: str, evidence: str, expected: str
) -> None:
    found = dict(judge(table, f"description x; {cells}", evidence))
    assert found.get(cells.split()[0], "") == expected


SPENT, NEEDED = "quantity expenditure; value 10", "quantity requirement; value 10"
GRANTED = "quantity naturalisation; value 10"


@pytest.mark.parametrize(
    ("table", "cells", "evidence", "context", "expected"),
    [
        ("finance", SPENT, "10", '"budget"', "quantity"),
        ("finance", SPENT, "поступило 10", "", "quantity"),
        ("finance", SPENT, "израсходовано 10, поступило 20", "", ""),
        ("finance", SPENT, "10 of the budget was spent", "", ""),
        ("finance", SPENT, "10", "the whole budget of the operation", ""),
        ("finance", NEEDED, "10 түсті", "", "quantity"),
        ("finance", NEEDED, "10 қажет", "", ""),
        ("population", GRANTED, "12 granted, 10 refused", "", "quantity"),
        ("population", GRANTED, "10 заявителям отказано", "", "quantity"),
        ("population", GRANTED, "10 granted, 12 refused", "", ""),
        ("population", GRANTED, "10 адамға берілмеді", "", "evidence quantity"),
        ("population", GRANTED, "10 адам азаматтық алды", "", ""),
        ("population", "group STA; value 10", "10 азаматтығы жоқ адам", "", ""),
        ("population", "label Not yet done; value 10", "10 were not settled", "", ""),
        ("population", "value 10; time 2020", "былтыр осы кезеңде 10", "", "time"),
        ("population", "value 10; time 2020", "10 a year earlier", "", "time"),
        ("population", "value 10; time 2019", "10 a year earlier", "", ""),
        ("population", "value 10; time 2020", "14 % less than a year earlier, 10", "", ""),
        ("population", "value 10; time 2020-Q3", "с начала года 10", "", "time"),
        ("population", "value 10; time 2020-01/2020-09", "с начала года 10", "", ""),
        ("contributions", "donor organisation/ministry-x", "Үкімет 3 сом бөлді", "", "donor"),
        ("contributions", "donor organisation/ministry-x", "Ministry of Justice", "", ""),
        ("finance", SPENT, "потребности – 10", "", "quantity"),
        ("finance", SPENT, "10 (34%) түсті", "", "quantity"),
        ("population", "value 10", "10 остаются неучтёнными", "", "evidence"),
        ("population", "label Unrecorded; value 10", "10 остаются неучтёнными", "", ""),
        (
            "contributions",
            "status actual; value 10",
            "10, but the money has not come",
            "",
            "evidence",
        ),
        ("contributions", "status planned; value 10", "10, but nothing was sent", "", ""),
        (
            "statements",
            "description 9 per cent more.",
            "лиц без гражданства на 9 % меньше",
            "",
            "description",
        ),
        ("statements", "description 9 per cent fewer.", "на 9 % меньше", "", ""),
        ("events", "description It was held.", "планируется встреча", "", "description"),
        ("events", "description It was held.", "жәрмеңке өтеді", "", "description"),
        ("events", "description It is to be held.", "жәрмеңке өтеді", "", ""),
        ("events", "description It was held.", "состоялась встреча", "", ""),
        ("statements", "description All is done.", "None has been done", "", "description"),
        ("statements", "description None is done.", "None has been done", "", ""),
    ],
)
def test_what_is_beside_a_number_is_a_doubt_about_another_thing_or_time(
    table: str, cells: str, evidence: str, context: str, expected: str
) -> None:
    found = judge(table, f"kind situation; scope country/KAZ; {cells}", evidence, context)
    assert sorted(found) == [(column, DOUBT) for column in expected.split()]


@pytest.mark.parametrize(
    ("issued", "text", "right"),
    [
        ("2025-10", "Сентябрь 2025 года", False),
        ("2025-09", "Сентябрь 2025 года", True),
        ("2024", "September 2025", False),
        ("2025-09-01", "2025 жылғы қыркүйек", True),
        ("", "September 2025", True),
    ],
)
def test_a_document_is_issued_when_its_text_says(issued: str, text: str, right: bool) -> None:
    found = list(check_issued(make("document", {"issued": issued}), text))
    assert [fault.column for fault in found] == ([] if right else ["issued"])


def test_another_name_of_one_page_is_none_in_another_page() -> None:
    row = make("organisations", {"id": "organisation/x", "label_en": "Ministry X of Y"})
    row.cells["alternative"] = ["the Government"]
    known = KnownNames.of([row], ())
    for folder, expected in (("note", 2), ("other", 1)):
        mentions = known.seen_from(folder).find("Ministry X of Y, the Government", ["organisation"])
        assert len(mentions) == expected
