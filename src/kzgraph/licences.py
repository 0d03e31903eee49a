"""The licences of data that a release may hold, and what each allows.

A release is one body of data under CC BY 4.0, in which each source keeps its own licence. That can
only be where a source's licence lets anyone pass its data on, changed and beside others, and asks
for no more than its attribution. What asks for more (the same licence for all, no commerce, no
changes), or is not known here, is refused: nothing of one licence is published under another.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Licence:
    """A licence.

    Attributes:
        iri: as the project writes it.
        name: what people call it.
        spdx: its identifier at https://spdx.org/licenses/, where it has one.
        hdx: its identifier at HDX, where it has one.
        objection: why no release may hold data under it; nothing where one may.
        wants_attribution: whether whoever uses the data has to name its source.
    """

    iri: str
    name: str
    spdx: str = ""
    hdx: str = ""
    objection: str = ""
    wants_attribution: bool = True


#: That of the project's own statements, and of a release as a whole.
OWN = Licence("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0", "CC-BY-4.0", "cc-by")

_SHARE_ALIKE = "it wants all that it is published with under itself"
_NO_COMMERCE = "it allows no commercial use, which this project's licence allows"
_NO_CHANGES = "it allows nothing that is made from the data"

_CC = "https://creativecommons.org/"
_ODC = "https://opendatacommons.org/licenses/"
_OGL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
_KNOWN = (
    OWN,
    Licence(f"{_CC}licenses/by/3.0/", "CC BY 3.0", "CC-BY-3.0", "cc-by"),
    Licence(f"{_CC}licenses/by/3.0/igo/", "CC BY 3.0 IGO", "CC-BY-3.0-IGO", "cc-by-igo"),
    Licence(f"{_CC}publicdomain/zero/1.0/", "CC0 1.0", "CC0-1.0", wants_attribution=False),
    Licence(f"{_CC}publicdomain/mark/1.0/", "Public domain", wants_attribution=False),
    Licence(f"{_ODC}pddl/1-0/", "ODC-PDDL 1.0", "PDDL-1.0", "hdx-pddl", wants_attribution=False),
    Licence(f"{_ODC}by/1-0/", "ODC-BY 1.0", "ODC-By-1.0", "hdx-odc-by"),
    Licence(_OGL, "OGL 3.0", "OGL-UK-3.0"),
    Licence(f"{_ODC}odbl/1-0/", "ODbL 1.0", "ODbL-1.0", "hdx-odc-odbl", _SHARE_ALIKE),
    *(
        Licence(f"{_CC}licenses/{code}/{version}/", name, objection=why)
        for code, why in (
            ("by-sa", _SHARE_ALIKE),
            ("by-nc", _NO_COMMERCE),
            ("by-nc-sa", _NO_COMMERCE),
            ("by-nc-nd", _NO_CHANGES),
            ("by-nd", _NO_CHANGES),
        )
        for version in ("3.0", "3.0/igo", "4.0")
        for name in (f"CC {code.upper()} {version.replace('/igo', ' IGO')}",)
    ),
)
#: What addresses of one licence differ in: of its text, of its summary, in a language.
_SCHEME = re.compile(r"^https?://(?:www\.)?")
_PAGE = re.compile(r"/(?:deed|legalcode)(?:\.[a-z-]{2,10})?$|/index\.html?$|/(?:summary)?$")


def _bare(iri: str) -> str:
    """An address without what does not matter.

    >>> _bare("http://creativecommons.org/licenses/by/4.0/deed.ru")
    'creativecommons.org/licenses/by/4.0'
    """
    bare = _PAGE.sub("", _SCHEME.sub("", iri.strip().lower().partition("#")[0]))
    return _PAGE.sub("", bare)


_BY_ADDRESS = {_bare(each.iri): each for each in _KNOWN}


def find_licence(iri: str) -> Licence | None:
    """The licence at an address; None where it is not known."""
    return _BY_ADDRESS.get(_bare(iri))


def name_licence(iri: str) -> str:
    """What people call the licence at an address; the address where that is not known."""
    found = find_licence(iri)
    return found.name if found else iri


def cite_licence(iri: str) -> tuple[str, str, str]:
    """The name, the SPDX identifier, if there is one, and the IRI of a licence."""
    found = find_licence(iri)
    return (found.name, found.spdx, found.iri) if found else (iri, "", iri)


def object_to(iri: str) -> tuple[str, str] | None:
    """What is wrong with data under the licence at `iri` in a release, and what would be right.

    Returns:
        Both as parts of a message; None where nothing is wrong.
    """
    found = find_licence(iri)
    if found is not None and not found.objection:
        return None
    allowed = ", ".join(each.iri for each in _KNOWN if not each.objection)
    what = (
        f"its data cannot be published in a release: {found.objection}"
        if found
        else ("what it allows is not known here")
    )
    return (
        f"{found.name if found else iri}: {what}",
        f"take data under one of {allowed}; or state one of these where its terms are the same",
    )
