"""What things are called: in three languages where that follows, and without any language."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import ID, term, thing
from kzgraph.namespaces import DCT, LABEL, LANGUAGES, TYPE, XSD
from kzgraph.tables import parse_time
from kzgraph.validation import Report, validate
from kzgraph_mappings.time_labels import time_labels
from small_tables import DOCUMENT, Cells, assemble_lean, small, span, write


def built(root: Path, tables: dict[str, list[Cells]]) -> Store:
    return assemble_lean(write(root, tables))


def labels(store: Store, node: NamedNode) -> dict[str | None, str]:
    found = [quad.object for quad in store.quads_for_pattern(node, LABEL, None, None)]
    named = {each.language: each.value for each in found if isinstance(each, Literal)}
    assert len(named) == len(found)
    return named


def figure(key: str) -> NamedNode:
    return thing("figure", DOCUMENT, key)


def results(report: Report, severity: str) -> set[tuple[str, str]]:
    """The shapes with results of a severity, by local name, each with the path of a thing."""
    return {
        (str(each.shape).rpartition("#")[2].rstrip(">"), str(each.focus)[1:-1].removeprefix(ID))
        for each in report.results
        if each.severity.value.endswith(severity)
    }


@pytest.mark.parametrize(
    ("text", "russian", "kazakh"),
    [
        ("2018", "2018 год", "2018 жыл"),
        ("2018-Q3", "3-й квартал 2018 г.", "2018 ж. 3-тоқсан"),
        ("2018-06", "июнь 2018 г.", "2018 ж. маусым"),
        ("2020-05-05", "5 мая 2020 г.", "2020 ж. 5 мамыр"),
        ("2017/2018", "2017–2018 гг.", "2017–2018 жж."),
        ("2018-07/2019-06", "июль 2018 г. – июнь 2019 г.", "2018 ж. шілде – 2019 ж. маусым"),
        ("2009-12-09/2009-12-10", "9 декабря 2009 г. – 10 декабря 2009 г.",
         "2009 ж. 9 желтоқсан – 2009 ж. 10 желтоқсан"),
        ("2017/2018-Q1", "2017 г. – 1-й квартал 2018 г.", "2017 ж. – 2018 ж. 1-тоқсан"),
        ("2014/..", "с 2014 г.", "2014 жылдан бастап"),
        ("2018-Q1/..", "с 1-го квартала 2018 г.", "2018 ж. 1-тоқсаннан бастап"),
        ("2018-Q2/..", "со 2-го квартала 2018 г.", "2018 ж. 2-тоқсаннан бастап"),
        ("1993-01/..", "с января 1993 г.", "1993 ж. қаңтардан бастап"),
        ("2018-03-02/..", "со 2 марта 2018 г.", "2018 ж. 2 наурыздан бастап"),
        ("2018-09-12/..", "с 12 сентября 2018 г.", "2018 ж. 12 қыркүйектен бастап"),
        ("../2009", "по 2009 г.", "2009 жылға дейін"),
        ("../2018-Q3", "по 3-й квартал 2018 г.", "2018 ж. 3-тоқсанға дейін"),
        ("../2018-08", "по август 2018 г.", "2018 ж. тамызға дейін"),
        ("../2018-07-31", "по 31 июля 2018 г.", "2018 ж. 31 шілдеге дейін"),
    ],
)  # fmt: skip
def test_a_time_is_dated_as_its_language_does(text: str, russian: str, kazakh: str) -> None:
    found = time_labels(parse_time(text))
    assert (found["ru"], found["kk"]) == (russian, kazakh)


@pytest.mark.parametrize(
    ("language", "since", "until"),
    [
        ("ru", ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа",
                "сентября", "октября", "ноября", "декабря"],
         ["январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь",
          "октябрь", "ноябрь", "декабрь"]),
        ("kk", ["қаңтардан", "ақпаннан", "наурыздан", "сәуірден", "мамырдан", "маусымнан",
                "шілдеден", "тамыздан", "қыркүйектен", "қазаннан", "қарашадан", "желтоқсаннан"],
         ["қаңтарға", "ақпанға", "наурызға", "сәуірге", "мамырға", "маусымға", "шілдеге",
          "тамызға", "қыркүйекке", "қазанға", "қарашаға", "желтоқсанға"]),
    ],
)  # fmt: skip
def test_every_month_has_its_cases(language: str, since: list[str], until: list[str]) -> None:
    for number in range(1, 13):
        words = time_labels(parse_time(f"2018-{number:02}/.."))[language].split()
        assert since[number - 1] in words
        words = time_labels(parse_time(f"../2018-{number:02}"))[language].split()
        assert until[number - 1] in words


def test_a_figure_is_called_after_its_dimensions(tmp_path: Path) -> None:
    tables = small()
    tables["shared/places.csv"][0] |= {"label_ru": "Казахстан", "label_kk": "Қазақстан"}
    tables["shared/places.csv"].append(
        {"id": "country/AFG", "kind": "country", "label_en": "Afghanistan", "iso3": "AFG",
         "label_ru": "Афганистан", "label_kk": "Ауғанстан"}
    )  # fmt: skip
    more = {"key": "more", "label": "More", "origin": "country/AFG", "status": "forecast"}
    rows = tables[f"{DOCUMENT}/population.csv"]
    rows.append(rows[0] | more | {"registered_by": "government", "time": ""})
    store = built(tmp_path, tables)
    assert labels(store, figure("refugees")) == {
        "en": "REF in the note",
        "ru": "Беженцы: численность на дату, Казахстан, 5 мая 2020 г.",
        "kk": "Босқындар: белгілі бір күнгі саны, Қазақстан, 2020 ж. 5 мамыр",
    }
    assert labels(store, figure("more")) == {
        "en": "More",
        "ru": "Подмандатные лица: численность на дату, страна происхождения – Афганистан,"
        " регистрирующая сторона – правительство, Казахстан, прогноз, время не указано",
        "kk": "БҰҰ БЖКБ мандатына жататын адамдар: белгілі бір күнгі саны, шыққан елі – Ауғанстан,"
        " тіркеуші тарап – үкімет, Қазақстан, болжам, уақыты көрсетілмеген",
    }
    assert labels(store, figure("budget"))["ru"] == "Бюджет: всего, Казахстан, план, 2020 год"


def test_a_label_that_an_editor_does_not_have_is_a_warning(tmp_path: Path) -> None:
    tables = small()
    tables["shared/places.csv"][0] |= {"label_ru": "Казахстан", "label_kk": ""}
    store = built(tmp_path, tables)
    assert labels(store, figure("all")).keys() == {"en", "ru"}
    report = validate(store)
    assert results(report, "Violation") == set()
    warned = results(report, "Warning")
    assert ("Labelled-kazakh", "country/KAZ") in warned
    assert ("Labelled-kazakh", f"figure/{DOCUMENT}/all") in warned
    # Nothing is warned of but this and what is named after it, and the holiday without a name.
    assert ("Labelled-kazakh", "place/almaty") not in warned
    assert {path for shape, path in warned if shape == "Labelled-russian"} == {
        f"holiday/{DOCUMENT}/new-year"
    }


def test_a_holiday_is_called_after_its_name_and_its_day(tmp_path: Path) -> None:
    tables = small()
    (row,) = tables[f"{DOCUMENT}/holidays.csv"]
    tables[f"{DOCUMENT}/holidays.csv"] = [
        row | {"kind": "new-year"},
        row | {"key": "another", "label": "Day of the Desk", "time": "2020-01-02"},
    ]
    store = built(tmp_path, tables)
    assert labels(store, thing("holiday", DOCUMENT, "new-year")) == {
        "en": "New Year's Day",
        "ru": "Новый год, 1 января 2020 г.",
        "kk": "Жаңа жыл, 2020 ж. 1 қаңтар",
    }
    report = validate(store)
    assert results(report, "Violation") == set()
    assert results(report, "Warning") >= {
        ("Labelled-russian", f"holiday/{DOCUMENT}/another"),
        ("Labelled-kazakh", f"holiday/{DOCUMENT}/another"),
    }


def test_what_is_computed_is_called_after_its_inputs(tmp_path: Path) -> None:
    tables = small()
    tables["shared/places.csv"][0] |= {"label_ru": "Казахстан", "label_kk": ""}
    node = thing("derived", DOCUMENT, "share", "asylum-seekers", "all")
    found = labels(built(tmp_path, tables), node)
    assert found.keys() == {"en", "ru"}
    assert found["ru"] == (
        "Доля: Лица, ищущие убежище: численность на дату, Казахстан, 5 мая 2020 г.;"
        " Подмандатные лица: численность на дату, Казахстан, 5 мая 2020 г."
    )


@pytest.mark.parametrize(
    ("row", "cited"),
    [
        ({}, "UNHCR: Note (2020-05-05)"),
        ({"issued": "2020-05"}, "UNHCR: Note (2020-05)"),
        ({"issued": ""}, "UNHCR: Note (no date of issue)"),
        ({"issued": "", "address": "https://example.org/", "captured": "2020-06-01T10:00:00Z"},
         "UNHCR: Note (no date of issue; captured 2020-06-01)"),
    ],
)  # fmt: skip
def test_a_fact_is_cited_by_one_text(tmp_path: Path, row: Cells, cited: str) -> None:
    tables = small()
    tables[f"{DOCUMENT}/document.csv"][0] |= row
    store = built(tmp_path, tables)
    predicate = DCT["bibliographicCitation"]
    found = [quad.object for quad in store.quads_for_pattern(figure("all"), predicate, None, None)]
    assert found == [Literal(f"{cited}, characters {span('150 people')}", language="en")]


@pytest.mark.parametrize(
    ("row", "shown", "date"),
    [
        ({}, "as of 2020-05-05", Literal("2020-05-05", datatype=XSD["date"])),
        ({"issued": "2020-05"}, "as of 2020-05", Literal("2020-05", datatype=XSD["gYearMonth"])),
        ({"issued": "", "address": "https://example.org/", "captured": "2020-06-01T10:00:00Z"},
         "as of 2020-06-01", Literal("2020-06-01", datatype=XSD["date"])),
        ({"issued": ""}, "in a document without a date", None),
    ],
)  # fmt: skip
def test_an_office_holder_is_dated_by_the_document(
    tmp_path: Path, row: Cells, shown: str, date: Literal | None
) -> None:
    tables = small()
    tables[f"{DOCUMENT}/document.csv"][0] |= row
    tables["shared/people.csv"] = [{"id": "person/a-b", "name": "A. B."}]
    tables[f"{DOCUMENT}/appointments.csv"] = [
        {
            "key": "head",
            "label": "A. B., head",
            "person": "person/a-b",
            "role": "head-of-national-office",
            "organisation": "organisation/desk",
            "evidence": span("Note"),
        }
    ]
    store, head = built(tmp_path, tables), thing("appointment", DOCUMENT, "head")
    assert labels(store, head) == {"en": f"A. B., head ({shown})"}
    found = [quad.object for quad in store.quads_for_pattern(head, DCT["valid"], None, None)]
    assert found == ([] if date is None else [date])


def test_one_pattern_cites_facts_documents_and_what_is_computed(tmp_path: Path) -> None:
    """The project computes and compares, so it stands first; inputs of one document together."""
    store = built(tmp_path, small())
    cited = {
        str(quad.subject)[1:-1].removeprefix(ID): quad.object.value
        for quad in store.quads_for_pattern(None, DCT["bibliographicCitation"], None, None)
        if isinstance(quad.object, Literal)
    }
    note = "UNHCR: Note (2020-05-05)"
    assert cited[f"document/{DOCUMENT}"] == note
    share = f"derived/{DOCUMENT}/share/refugees/all"
    spans = ", ".join([span("Over 120 refugees"), span("150 people")])
    named = "kzgraph: Share: REF in the note, in POC in the note"
    assert cited[share] == f"{named}; computed from {note}, characters {spans}"
    facts = store.quads_for_pattern(None, TYPE, term("Fact"), None)
    assert {str(quad.subject)[1:-1].removeprefix(ID) for quad in facts} <= cited.keys()


def test_everything_that_is_named_has_a_label(tmp_path: Path) -> None:
    """Codes and evidence as well, under one property."""
    store = built(tmp_path, small())
    assert labels(store, thing("population-group", "REF")) == {
        "en": "Refugees", "ru": "Беженцы", "kk": "Босқындар",
    }  # fmt: skip
    assert labels(store, thing("scheme", "population-group")).keys() == {*LANGUAGES}
    assert labels(store, thing("evidence", DOCUMENT, "0-18")) == {
        "en": "note-2020, characters 0-18",
        "ru": "note-2020, символы 0-18",
        "kk": "note-2020, 0-18 таңбалар",
    }


@pytest.mark.parametrize(
    "path",
    ["country/KAZ", "organisation/desk", "population-group/REF-ASY", "scheme/population-group"],
)
def test_an_entity_has_one_identifier_without_a_language(tmp_path: Path, path: str) -> None:
    store = built(tmp_path, small())
    entity = NamedNode(ID + path)
    found = store.quads_for_pattern(entity, DCT["identifier"], None, None)
    assert [quad.object for quad in found] == [Literal(path)]
