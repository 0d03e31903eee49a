# ruff: noqa: RUF001 (words in Cyrillic)
"""The signs and words of money next to a number, in three languages."""

import re

#: US dollars, named so.
DOLLARS = re.compile(r"US ?\$|USD|US dollars?|долл(?:ар\w*|\.)? США|АҚШ доллар\w*")
#: Any money.
MONEY = re.compile(
    rf"{DOLLARS.pattern}|[AC]?\$|EUR|CHF|GBP|KZT|RUB|[€£₸₽]|dollars?|euros?|те[нң]ге\w*|долл\w*|"
    r"евро|еуро\w*"
)
