# ruff: noqa: RUF001 (words in Cyrillic)
"""The signs and words of money next to a number, in three languages."""

import re

#: US dollars, named so.
DOLLARS = re.compile(r"US ?\$|USD|US dollars?|долл(?:ар\w*|\.)? США|АҚШ доллар\w*")
#: The signs and words of the other currencies that are told apart, each with the codes in
#: ISO 4217 that it may have.
_NAMED = {
    r"€|euros?|евро|еуро\w*": "EUR",
    r"£|pounds? sterling|фунт\w* стерлинг\w*": "GBP",
    r"₸|tenge|те[нң]ге\w*": "KZT",
    # `Сома` is an amount in Kazakh, and `won` alone a verb.
    r"soms?|сом(?:ов|ы)?|(?<=[\dндчс] )сома": "KGS",
    r"₽|r(?:o)?ubles?|рубл\w+|руб\.?": "RUB",
    r"somoni|сомони": "TJS",
    r"so[u']?ms|sums|сум(?:а|ов|ы)?": "UZS",
    r"yen|[ий]ен(?:а|ы|ой)?": "JPY",
    r"¥": "JPY CNY",
    r"yuan|renminbi|юан\w*": "CNY",
    r"₩|(?:South )?Korean won|(?<=[mb]illion )won|вон(?:а|ы)?": "KRW",
    r"manats?|манат\w*": "AZN TMT",
    r"₺|(?:Turkish )?liras?|лир(?:а|ы)?": "TRY",
    r"Swiss francs?|шв(?:ейцарск\w+|\.) ?франк\w*|швейцариялық франк\w*": "CHF",
    r"krone[rn]?|kron(?:a|or)|крон(?:а|ы|ами?)?": "NOK SEK DKK ISK CZK",
    r"₴|hryvnias?|грив(?:ен|н\w+)": "UAH",
    r"₾|lari|лари": "GEL",
    r"drams?|драм\w*": "AMD",
    r"₹|rupees?|рупи\w+": "INR PKR NPR LKR",
    r"zloty|злот\w+": "PLN",
}
#: The endings of the cases of Kazakh.
_ENDING = r"(?:[нтд][ае]н|[ғқгк][ае]|[нтд][ыі]ң|[дт][ыі]|[бмп]ен)?"
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
#: All codes of ISO 4217 in use.
CURRENCIES = frozenset((*_CODES.split("|"), "ALL", "COP", "TOP"))
#: Any money.
MONEY = re.compile(
    rf"{DOLLARS.pattern}|[AC]?\$|(?<![^\W\d])(?:{_CODES})(?!\w)"
    rf"|(?<![^\W\d])(?:{'|'.join(_NAMED)}){_ENDING}(?!\w)|[€£₸₽¥₩₺₴₾₹]"
    r"|(?<![^\W\d])(?:dollars?|долл(?:ар\w*|\.)?)(?!\w)"
)


def currencies_of(sign: str) -> frozenset[str]:
    """The codes of ISO 4217 that a sign or word of money may have; none where it is unknown.

    >>> sorted(currencies_of("манатов")), sorted(currencies_of("вон"))
    (['AZN', 'TMT'], ['KRW'])
    """
    shown = sign.strip()
    if DOLLARS.fullmatch(shown):
        return frozenset({"USD"})
    if re.fullmatch(_CODES, shown):
        return frozenset({shown})
    for words, codes in _NAMED.items():
        # What a word has before it is not in the sign.
        alone = re.sub(r"\(\?<=.*?\)", "", words)
        if re.fullmatch(f"(?:{alone}){_ENDING}", shown):
            return frozenset(codes.split())
    return frozenset()


def currency_of(sign: str) -> str | None:
    """The code of ISO 4217 of a sign or word of money; None where several have it.

    >>> currency_of("US$"), currency_of("NOK"), currency_of("$"), currency_of("манат")
    ('USD', 'NOK', None, None)
    """
    found = currencies_of(sign)
    return next(iter(found)) if len(found) == 1 else None
