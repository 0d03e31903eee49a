# ruff: noqa: RUF001 (words in Cyrillic)
"""The signs and words of money next to a number, in three languages."""

import re

#: US dollars, named so.
DOLLARS = re.compile(r"US ?\$|USD|US dollars?|долл(?:ар\w*|\.)? США|АҚШ доллар\w*")
#: The signs and words of the other currencies that are told apart, by their code in ISO 4217.
_NAMED = {
    "EUR": r"€|euros?|евро|еуро\w*",
    "GBP": r"£",
    "KZT": r"₸|tenge|те[нң]ге\w*",
    "KGS": r"soms?|сом(?:а|ов|ы)?",
    "RUB": r"₽|r(?:o)?ubles?|рубл\w+|руб\.?",
    "TJS": r"somoni|сомони",
    "UZS": r"so[u']?ms|sums|сум(?:а|ов|ы)?",
}
#: The codes of ISO 4217 in use; not ALL, COP and TOP, which are words of headings in capitals.
_CODES = (
    r"AED|AFN|AMD|AOA|ARS|AUD|AWG|AZN|BAM|BBD|BDT|BGN|BHD|BIF|BMD|BND|BOB|BRL|BSD|BTN|BWP|BYN"
    r"|BZD|CAD|CDF|CHF|CLP|CNY|CRC|CUP|CVE|CZK|DJF|DKK|DOP|DZD|EGP|ERN|ETB|EUR|FJD|FKP|GBP|GEL"
    r"|GHS|GIP|GMD|GNF|GTQ|GYD|HKD|HNL|HTG|HUF|IDR|ILS|INR|IQD|IRR|ISK|JMD|JOD|JPY|KES|KGS|KHR"
    r"|KMF|KPW|KRW|KWD|KYD|KZT|LAK|LBP|LKR|LRD|LSL|LYD|MAD|MDL|MGA|MKD|MMK|MNT|MOP|MRU|MUR|MVR"
    r"|MWK|MXN|MYR|MZN|NAD|NGN|NIO|NOK|NPR|NZD|OMR|PAB|PEN|PGK|PHP|PKR|PLN|PYG|QAR|RON|RSD|RUB"
    r"|RWF|SAR|SBD|SCR|SDG|SEK|SGD|SHP|SLE|SOS|SRD|SSP|STN|SYP|SZL|THB|TJS|TMT|TND|TRY|TTD|TWD"
    r"|TZS|UAH|UGX|USD|UYU|UZS|VED|VES|VND|VUV|WST|XAF|XCD|XOF|XPF|YER|ZAR|ZMW"
)
#: Any money.
MONEY = re.compile(
    rf"{DOLLARS.pattern}|[AC]?\$|(?<![^\W\d])(?:{_CODES})(?!\w)"
    rf"|(?<![^\W\d])(?:{'|'.join(_NAMED.values())})(?!\w)|[€£₸₽]"
    r"|(?<![^\W\d])(?:dollars?|долл(?:ар\w*|\.)?|krone[rn]?|kronor|лари|драм\w*|манат\w*)(?!\w)"
)


def currency_of(sign: str) -> str | None:
    """The code of ISO 4217 of a sign or word of money; None where several have it.

    >>> currency_of("US$"), currency_of("NOK"), currency_of("$")
    ('USD', 'NOK', None)
    """
    shown = sign.strip()
    if DOLLARS.fullmatch(shown):
        return "USD"
    if re.fullmatch(_CODES, shown):
        return shown
    return next((code for code, words in _NAMED.items() if re.fullmatch(words, shown)), None)
