# ruff: noqa: RUF001 (words in Cyrillic)
"""What the draft rows of a text say of its numbers, days, hours and donors; what has none."""

import datetime

import pytest

from kzgraph.editing.cell_rows import Proposal
from kzgraph.editing.new_document import guess_language
from kzgraph.editing.proposals import KNOWN, propose
from kzgraph.resources import folder
from kzgraph.tables import parse_span, parse_time, read_kind
from kzgraph.tables.reader import Row
from kzgraph.verification.dates import names_day, names_year
from kzgraph.verification.periods import names_period
from kzgraph.verification.tokens import NUMERIC, lies_in, mask, tokens

#: What `tell` says of a row, in this order; a range has two values, and drafts their sign.
SAID = (
    *("kind", "donor", "group", "origin", "quantity", "series", "value", "least", "most", "hedge"),
    *("bound", "unit", "status", "availability", "day", "opens", "closes", "telephone", "email"),
    *("url", "time"),
)


@pytest.fixture(scope="module")
def known() -> list[Row]:
    tables = folder("mappings") / "tables"
    return [row for kind in KNOWN for row in read_kind(kind, tables).rows]


def words(row: dict[str, str], text: str, *columns: str) -> list[str]:
    spans = [item for column in columns for item in row.get(column, "").split()]
    return [text[slice(*parse_span(item))] for item in spans]


def tell(proposal: Proposal, text: str) -> str:
    """A row in a line: its table, its words in the text, and the cells that are filled in."""
    table, row = proposal
    cells = [row.get(column, "") for column in SAID]
    said = " ".join(cell.replace("draft: ", "~") for cell in cells if cell not in {"", "exact"})
    return f"{table}: {' + '.join(words(row, text, 'evidence'))} = {said}".removesuffix(" = ")


CASES = {
    "ages": """
Of these, 402 were under 18 and 57 were 60 or older; 12 girls aged 5 to 11, 31 (60+).
Children 0-4: 21
18-59 | 44 men
==
population: 402 = 402 ~persons
statements: 18 + 60 + 5 + 11 + 60
population: 57 = 57 ~persons
population: 12 = 12 persons
indicators: 31 = 31
statements: 0 + 4
population: 21 = 21 ~persons
statements: 18 + 59
population: 44 = 44 persons
""",
    "numbers that look like ages, and of lists": """
We work in 60+ countries; 5-11 men came, under 18 people left, and over 60 cases wait.
1. Register 300 children
2) Give 40 laptops at 46 legal aid sessions
12 people came
==
indicators: 60+ = 60 + lower
population: 5-11 = 5 11 range persons
population: under 18 = 18 under upper persons
indicators: over 60 = 60 over lower ~households
statements: 1
population: 300 = 300 persons
statements: 2
indicators: 40 = 40
indicators: 46 = 46 ~sessions
population: 12 = 12 persons
""",
    "ages and years in Russian": """
Из них 40 детей до 18 лет, 7 женщин 60 лет и старше; 5 лет назад было 30 семей.
Срок сокращён с пяти лет до трёх. 9,4 тыс. выходцев из Ирака ждут. Беженцев осталось всего семь.
==
population: 40 = 40 persons
statements: 18 + 60 + 5
population: 7 = 7 persons
indicators: 30 = 30 ~households
statements: пяти + трёх
population: 9,4 тыс = 9400 persons
population: семь = 7 ~persons
""",
    "days": """
Closed on 1-2 and 7 January, 3 and 8 March; 9-10 December 2009; May 3-4, 2010: 6 men.
==
statements: 1 + 2 + 7 + 3 + 8 + 9-10 December 2009 + May 3-4, 2010
population: 6 = 6 persons
""",
    "currencies": """
NOK 3.5 million; 912 млн сумов; 4 000 сом; 30 SEK, 7 euros, $5, TRY 2. ALL 300 MEN.
1,2 млрд. сум; 6 million sums; about € 300 for stamps [1].
==
finance: NOK 3.5 million = 3500000 ~NOK
finance: 912 млн сумов = 912000000 ~UZS
finance: 4 000 сом = 4000 ~KGS
finance: 30 SEK = 30 ~SEK
finance: 7 euros = 7 ~euros
finance: $5 = 5 ~us-dollars
finance: TRY 2 = 2 ~TRY
population: 300 = 300 persons
finance: 1,2 млрд. сум = 1200000000 ~UZS
finance: 6 million sums = 6000000 ~UZS
finance: about € 300 = 300 about approximate ~euros
indicators: 1 = 1
""",
    "money named once": """
На 2025 год нужно 4,2 млн долл. США, получено 2,7 млн. Там 5 домов.
==
statements: 2025 = 2025
finance: 4,2 млн долл. США = 4200000 us-dollars 2025
finance: 2,7 млн = 2700000 ~us-dollars 2025
indicators: 5 = 5
""",
    "a year that is compared with": """
It fell by 14 per cent compared with 2025. In 2026, 30 men, fewer than in May 2024.
The 1951 Convention protects 9 men. In 2025 the Convention had 8. More than 12 men came in 2023.
In 2024, 30 men came, up from 25 in 2023. There were 40 men in 2024 and 50 women in 2025.
==
indicators: 14 per cent = -14 percent
statements: 2025
statements: 2026 + May 2024 = 2026
population: 30 = 30 persons 2026
statements: 1951
population: 9 = 9 persons
statements: 2025 = 2025
indicators: 8 = 8 2025
population: More than 12 = 12 More than lower persons 2023
statements: 2023 = 2023
statements: 2024 + 2023 = 2024
population: 30 = 30 persons 2024
indicators: 25 = 25 2023
population: 40 = 40 persons 2024
statements: 2024 + 2025
population: 50 = 50 persons 2025
""",
    "a name with a year": """
Bound by the [1951 Refugee Convention](#) and the [1967 Protocol](#), not to the 1954 and
1961 Conventions. At the 2023 Global Refugee Forum 40 men spoke; 2023 refugees came.
==
statements: 1951 + 1967 + 1954 = 1954
statements: 1961
statements: 2023
population: 40 = 40 persons
population: 2023 = 2023 persons
""",
    "changes": """
Costs fell by over 30% from 500 in 2023 to 350 in 2024. They are 12% lower than in 2022.
It fell to 15 per cent. It did not fall by 16 per cent. Down 17%. A rise by 18 per cent.
Число сократилось на 14 процентов.
Доля выросла с 20 процентов в 2023 году до 30 процентов в 2024 году.
Саны 14 пайызға азайды. Саны 300-ге дейін азайды.
==
indicators: over 30% = -30 over ~lower percent
indicators: 500 = 500 2023
statements: 2023 + 2024
indicators: 350 = 350 2024
indicators: 12% = -12 percent
statements: 2022
indicators: 15 per cent = 15 percent
indicators: 16 per cent = 16 percent
indicators: 17% = -17 percent
indicators: 18 per cent = 18 percent
indicators: 14 процентов = -14 percent
indicators: 20 процентов = 20 percent 2023
statements: 2023 + 2024
indicators: 30 процентов = 30 percent 2024
indicators: 14 пайызға = -14 percent
indicators: 300 = 300
""",
    "ends and middles": """
At the end of Q3 2026, 7 men. In mid-2024, 8 men. At the end of 2020, 9 men. By 2027, 10 men.
На конец 2024 года 300 беженцев. В середине 2024 года 40 семей. К 2027 году 200 детей.
2024 жылдың соңында үш жүз босқын болды. 2024 жылдың ортасында қырық отбасы болды.
2027 жылға дейін 200 бала.
==
statements: At the end of Q3 2026 = 2026-09-30
population: 7 = 7 persons 2026-09-30
statements: mid-2024 = 2024-06-30
population: 8 = 8 persons 2024-06-30
statements: At the end of 2020 = 2020-12-31
population: 9 = 9 persons 2020-12-31
statements: 2027
population: 10 = 10 persons
statements: На конец 2024 = 2024-12-31
population: 300 = 300 persons 2024-12-31
statements: середине 2024 = 2024-06-30
indicators: 40 = 40 ~households 2024-06-30
statements: 2027
population: 200 = 200 persons
statements: 2024 жылдың соңында = 2024-12-31
population: үш жүз = 300 persons 2024-12-31
statements: 2024 жылдың ортасында = 2024-06-30
indicators: қырық = 40 ~households 2024-06-30
statements: 2027
population: 200 = 200 persons
""",
    "parts of a year": """
In the second quarter of 2025 12 men. From Q1-Q3 2025: 15 men. In H1 2025, 16 men.
In 2025/26 17 men.
January to June 2025: 18 men. One quarter of 2024 money. Since 2014, 19 men.
On 9-10 December 2009, 20 men.
Во втором квартале 2025 года 12 женщин. За полгода 15 мужчин. С 2014 года 90 человек.
2025 жылдың екінші тоқсанында 12 бала. 2025 жылдың бірінші жартыжылдығында бес адам.
Жарты жылда он бес ер адам.
==
statements: second quarter of 2025 = 2025-Q2
population: 12 = 12 persons 2025-Q2
statements: Q1 + Q3 2025
population: 15 = 15 persons
statements: H1 2025 = 2025-01/2025-06
population: 16 = 16 persons 2025-01/2025-06
statements: 2025/26
population: 17 = 17 persons
statements: January to June 2025 = 2025-01/2025-06
population: 18 = 18 persons 2025-01/2025-06
statements: 2024 = 2024
statements: 2014 = 2014/..
population: 19 = 19 persons 2014/..
statements: 9-10 December 2009 = 2009-12-09/2009-12-10
population: 20 = 20 persons 2009-12-09/2009-12-10
statements: втором квартале 2025 года = 2025-Q2
population: 12 = 12 persons 2025-Q2
population: 15 = 15 persons
statements: 2014 = 2014/..
population: 90 = 90 persons 2014/..
statements: 2025 жылдың екінші тоқсанында = 2025-Q2
population: 12 = 12 persons 2025-Q2
statements: 2025 жылдың бірінші жартыжылдығында = 2025-01/2025-06
population: бес = 5 persons 2025-01/2025-06
population: он бес = 15 persons
""",
    "headings": """
FACT SHEET | 2024

PEOPLE WE SERVE (as of mid-2024)
Refugees 1,530 | Others 1,240

TOP ORIGINS, REFUGEES
Syria 310 | Other 140

What we did in fiscal year 2025/26:
• 12 schools
• 918 people

Funding (million EUR)
Required: 5.6
Received USD 3 million

Refugees in 2024:
- 12 boys
The European Union gave over EUR 2 million.
==
statements: 2024 = ~presentation
statements: mid-2024 = ~presentation
population: 1,530 = REF 1530 ~persons 2024-06-30
population: 1,240 = 1240 ~persons 2024-06-30
population: 310 = REF country/SYR 310 ~persons
population: 140 = REF 140 ~persons
statements: fiscal year 2025/26
indicators: 12 = 12
population: 918 = 918 persons
finance: 5.6 = 5.6 ~million EUR
finance: USD 3 million = 3000000 us-dollars
statements: 2024 = 2024
population: 12 = 12 persons 2024
contributions: over EUR 2 million = given organisation/european-union 2000000 over lower ~euros
""",
    "cells with the name of a group": """
Refugees 1,530 | Stateless: 518 | Homes 7
National 38        Tbilisi (main)
Internally displaced: 288'400 (including 86,900 in centres and 7 cars)
==
population: 1,530 = REF 1530 ~persons
population: 518 = STA 518 ~persons
indicators: 7 = 7
indicators: 38 = 38
population: 288'400 = 288400 ~persons
population: 86,900 = 86900 ~persons
indicators: 7 = 7
""",
    "hours": """
Osh: Mon-Tue 09:30-17:00, Fri 09:30-13:00
Sat 10:00-14:00, 15:00-17:00
Monday, 9 a.m. to 5 p.m.
Daily except Sunday 9.00-10.00
Пн: с 9:00 до 18:00, обед 13:00-14:00
дс-сс 09:00-18:00
Жұма 9:00-ден 18:00-ге дейін
==
opening_hours: Mon-Tue 09:30-17:00 = Monday 09:30:00 17:00:00
opening_hours: Mon-Tue 09:30-17:00 = Tuesday 09:30:00 17:00:00
opening_hours: Fri 09:30-13:00 = Friday 09:30:00 13:00:00
statements: 10:00-14:00 + 15:00-17:00
opening_hours: Monday, 9 a.m. to 5 p.m. = Monday 09:00:00 17:00:00
statements: 9 + 00 + 10 + 00
opening_hours: Пн: с 9:00 до 18:00 = Monday 09:00:00 18:00:00
statements: 13:00-14:00
opening_hours: дс-сс 09:00-18:00 = Monday 09:00:00 18:00:00
opening_hours: дс-сс 09:00-18:00 = Tuesday 09:00:00 18:00:00
opening_hours: Жұма 9:00-ден 18:00-ге дейін = Friday 09:00:00 18:00:00
""",
    "holidays": """
Public holidays 2025
1 January - New Year's Day
21–22 March Nauryz

CLOSED ON HOLIDAYS
1-2 and 7 January | 26 May

Мереке күндері
8 наурыз
==
statements: 2025 = 2025
holidays: 1 January - New Year's Day = new-year 2025-01-01
holidays: 21–22 March Nauryz = nauryz 2025-03-21
holidays: 21–22 March Nauryz = nauryz 2025-03-22
holidays: 1-2 and 7 January
holidays: 1-2 and 7 January
holidays: 1-2 and 7 January
holidays: 26 May
holidays: 8 наурыз
""",
    "donors": """
Thanks to our donors
Japan – USD 1.1 million | Norway | Estonia

We thank donors. In March 2026 Norway gave NOK 3.5 million.
Нужно 5. Доноры: Япония – 1,1 млн, Норвегия – 900 тыс., частные лица. Там 8.

Donors met
5 men | 7 women
==
contributions: Japan – USD 1.1 million = given country/JPN 1100000 us-dollars
contributions: Norway = listed country/NOR not-given
contributions: Estonia = listed not-given
statements: March 2026 = 2026-03
contributions: NOK 3.5 million = given country/NOR 3500000 ~NOK 2026-03
indicators: 5 = 5
contributions: Япония – 1,1 млн = given country/JPN 1100000
contributions: Норвегия – 900 тыс = given country/NOR 900000
contributions: частные лица = listed not-given
indicators: 8 = 8
population: 5 = 5 persons
population: 7 = 7 persons
""",
    "contacts": """
Call +992 37 221 62 12, доб. 3, тел. 7 727 258 45 98 ext. 41, or write to a.b@unhcr.org.
See www.unhcr.org/kz2025, help.unhcr.org/kz and not 12.5/3; 45 came.
==
contact_points: +992 37 221 62 12, доб. 3 = telephone +992 37 221 62 12, доб. 3
contact_points: 7 727 258 45 98 ext. 41 = telephone 7 727 258 45 98 ext. 41
contact_points: a.b@unhcr.org = e-mail a.b@unhcr.org
references: www.unhcr.org/kz2025 = https://www.unhcr.org/kz2025
references: help.unhcr.org/kz = https://help.unhcr.org/kz
indicators: 12.5 = 12.5
indicators: 3 = 3
indicators: 45 = 45
""",
    "ranges, which a change is not": """
Some 5 to 7 million people came; it fell from USD 9 to 8. Between 150 and 180 families live.
==
population: Some 5 to 7 million = 5000000 7000000 Some range persons
finance: USD 9 = 9 us-dollars
indicators: 8 = 8
indicators: 150 and 180 = 150 180 range ~households
""",
    "numbers of Russian": """
В 2021 году проживало более 1,5 тыс. беженцев и 7 588 лиц без гражданства.
Бюджет: 10,03 млн долларов США, из них получено 45,5 процентов; 1,500 человек.
Группа	2021	2022
Беженцы	1 234	1,500
==
statements: 2021 = 2021
population: более 1,5 тыс = 1500 более lower persons 2021
population: 7 588 = 7588 persons 2021
finance: 10,03 млн долларов США = 10030000 us-dollars
indicators: 45,5 процентов = 45.5 percent
population: 1,500 = ~1.5 or 1500 persons
statements: 2021 + 2022 = ~presentation
population: 1 234 = REF 1234 ~persons 2021
population: 1,500 = REF ~1.5 or 1500 ~persons 2022
""",
    "numbers of Kazakh": """
2021 жылы 1,5 мың босқын және елу жеті бала тұрды. Елу жетіден астам әйел, қырыққа жуық бала.
Бюджет 10,03 млн АҚШ долларын құрады, 45,5 пайызы алынды. Мерзім он бес жылдан онға дейін қысқарды.
==
statements: 2021 = 2021
population: 1,5 мың = 1500 persons 2021
population: елу жеті = 57 persons 2021
population: Елу жетіден астам = 57 астам lower persons
population: қырыққа жуық = 40 жуық approximate persons
finance: 10,03 млн АҚШ долларын = 10030000 us-dollars
indicators: 45,5 пайызы = 45.5 percent
statements: он бес + онға
""",
    "money in millions beside families": """
Область	Семьи	Наборы	Расходы, млн сумов
Ош	640	12	304
Нарын	215	13	–
==
indicators: 640 = 640 ~households
indicators: 12 = 12
finance: 304 = 304 ~млн сумов
indicators: 215 = 215 ~households
indicators: 13 = 13
finance: – = ~млн сумов not-published
""",
    "what headings say": """
Work    Actual 2024    Planned 2025
Courses    22    30
Refugees met    4    n/a

Needs (EUR)
Year	Asked	Budget
2024	2,150,000	7
==
statements: 2024 + 2025 = ~presentation
indicators: 22 = 22 ~actual 2024
indicators: 30 = 30 ~planned 2025
population: 4 = 4 ~persons ~actual 2024
population: n/a = ~persons ~planned not-published 2025
statements: 2024 = ~presentation
finance: 2,150,000 = 2150000 ~euros 2024
finance: 7 = budget total 7 ~euros 2024
""",
    "a currency above a chart": """
Budget (USD million)
{"categories":["2022","2023"],"budget":[5,null],"other":[2.5,1]}
[["Refugees",588],["Pensioners",null]]
==
statements: 2022 + 2023 = ~presentation
finance: 5 = budget total 5 ~million-us-dollars 2022
finance: null = budget total ~million-us-dollars not-published 2023
finance: 2.5 = 2.5 ~million-us-dollars 2022
finance: 1 = 1 ~million-us-dollars 2023
population: ["Refugees",588] = REF 588 ~persons
population: ["Pensioners",null] = ~persons not-published
""",
    "words that count nobody": """
One of the aims is that no children are detained. Building B12, open 9:00; room 2020 1,210
Call 7 111 22 22 or
7 111 22 23
==
population: no = 0 persons
statements: B12 + 9:00 + 2020 = 2020
indicators: 1,210 = 1210 2020
contact_points: 7 111 22 22 = telephone 7 111 22 22
statements: 7 + 111 + 22 + 23
""",
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_rows_are_what_their_words_say_and_each_number_has_one(case: str, known: list[Row]) -> None:
    text, _, expected = case.strip("\n").partition("\n==\n")
    text += "\n"
    rows = list(propose(text, tuple(guess_language(text).split()), known))
    in_order = sorted(rows, key=lambda each: parse_span(each[1]["evidence"].split()[0]).start)
    assert [tell(each, text) for each in in_order] == expected.splitlines()
    places = [parse_span(item) for _, row in rows for item in row["evidence"].split()]
    covered = mask(len(text), places)
    assert [token for token in tokens(NUMERIC, text) if not lies_in(token, covered)] == []
    for _, row in rows:
        if time := row.get("time"):
            check_time(time, words(row, text, "evidence", "context"))


def check_time(time: str, spans: list[str]) -> None:
    """A draft is not refused later: its spans say its years, and its days, months and quarters."""
    for part in parse_time(time).parts:
        assert names_year(int(part[:4]), spans)
        if len(part) == len("2018-12-31"):
            assert names_day(datetime.date.fromisoformat(part), spans)
        elif len(part) > len("2018"):
            assert names_period(part, spans)


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("At the end of Q3 2026, 7 men.", [["At the end of Q3 2026"]]),
        ("Plans (EUR)\nYear\tNeeds\n2024\t7", [["2024", "Needs"]]),
        ("For fiscal year 2025/26:\n- 7 men", [["fiscal year 2025/26"]]),
        ("Osh: Mon 9:00-17:00", [["Osh"]]),
        ("By 2027, 7 men.", [[]]),
    ],
)
def test_the_context_of_a_row_is_what_it_needs_besides(
    text: str, context: list[list[str]], known: list[Row]
) -> None:
    rows = [row for table, row in propose(text, ("en",), known) if table != "statements"]
    assert [words(row, text, "context") for row in rows] == context
