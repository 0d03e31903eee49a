"""The codes that filters take, and the nearest to what is none.

They are those of a release, so they are asked of it: `CODES_QUERY` is one query.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode
from rapidfuzz import fuzz, process

from kzgraph.folding import fold_text

#: Every code with its list, its IRI, and its names in each language. Documents and data sets are
#: lists as well; a scope is whatever a number can be about, and a result counts its indicator.
CODES_QUERY = """SELECT DISTINCT ?list ?code ?iri ?name ?language ?rank WHERE {
  {
    ?iri a skos:Concept ; skos:inScheme ?scheme ; skos:notation ?code
    FILTER(DATATYPE(?code) = xsd:string) BIND(REPLACE(STR(?scheme), "^.*/", "") AS ?list)
  } UNION {
    ?iri skos:inScheme scheme:indicator ; skos:notation ?code BIND("quantity" AS ?list)
  } UNION { ?iri a schema:Country ; schema:identifier ?code BIND("country" AS ?list) }
  UNION { ?iri a schema:Place ; dcterms:identifier ?code BIND("scope" AS ?list) }
  UNION { ?iri a kzg:Operation ; dcterms:identifier ?code BIND("scope" AS ?list) }
  UNION { ?iri a kzg:Activity ; dcterms:identifier ?code BIND("scope" AS ?list) }
  UNION {
    { SELECT DISTINCT ?iri { ?fact a kzg:Fact ; kzg:scope ?iri } }
    ?iri dcterms:identifier ?code BIND("scope" AS ?list)
  } UNION {
    { SELECT DISTINCT ?iri { ?fact a kzg:Fact ; kzg:donor ?iri } }
    ?iri dcterms:identifier ?code BIND("donor" AS ?list)
  } UNION { ?iri a foaf:Document ; dcterms:identifier ?code BIND("document" AS ?list) }
  UNION {
    ?iri a qb:DataSet BIND(REPLACE(STR(?iri), "^.*/", "") AS ?code) BIND("dataset" AS ?list)
  } UNION {
    ?iri a skos:ConceptScheme BIND(REPLACE(STR(?iri), "^.*/", "") AS ?code) BIND("scheme" AS ?list)
  }
  OPTIONAL {
    VALUES (?property ?rank) { (rdfs:label 0) (skos:altLabel 1) }
    ?iri ?property ?name BIND(LANG(?name) AS ?language)
  }
}
ORDER BY ?list ?code ?rank ?name"""

#: How alike two names have to be for one to be proposed for the other, of 100; how many are.
_ALIKE, _MOST_PROPOSED = 70, 3
#: Letters of what was asked for that a message repeats, and that are compared.
_MOST_SHOWN = 60


def find_nearest(asked: str, names: Iterable[str]) -> list[str]:
    """Those of `names` that `asked` is most like, the nearest first; none that is far from it."""
    ranked = process.extract(asked[:_MOST_SHOWN], list(names), limit=2, score_cutoff=_ALIKE)
    return [name for name, _score, _place in ranked]


class UnknownCode(ValueError):
    """What was asked for is no code of the list; the message says what is nearest."""


@dataclass
class Code:
    """A code.

    Attributes:
        code: as tables have it and filters take it.
        iri: of what it stands for.
        names: what that is called, with the language of each name; labels before other names.
    """

    code: str
    iri: str
    names: list[tuple[str, str]] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The code, and the first of its names in English if it has one."""
        name = next((name for name, language in self.names if language == "en"), "")
        return f"{self.code} ({name})" if name else self.code


class CodeLists:
    """The codes of a release.

    Args:
        rows: of the answer to `CODES_QUERY`, in its order; a missing value is None.
    """

    def __init__(self, rows: Iterable[Mapping[str, object]]) -> None:
        self._lists: dict[str, dict[str, Code]] = defaultdict(dict)
        for row in rows:
            codes = self._lists[str(row["list"])]
            code = str(row["code"])
            found = codes.setdefault(code, Code(code, NamedNode(str(row["iri"])).value))
            if row.get("name") is not None:
                found.names.append((str(row["name"]), str(row.get("language") or "")))

    def list_codes(self, name: str) -> list[Code]:
        """The codes of a list, in their order."""
        return [code for _, code in sorted(self._lists.get(name, {}).items())]

    def find(self, name: str, asked: str) -> Code:
        """The code `asked` of the list called `name`, in whichever case it is written.

        Raises:
            UnknownCode: there is none; names what may be meant.
        """
        codes = self._lists.get(name, {})
        found = codes.get(asked)
        if found is None:
            lower = asked.lower()
            found = next((each for each in codes.values() if each.code.lower() == lower), None)
        if found is None:
            raise UnknownCode(self._describe(name, asked))
        return found

    def find_named(self, name: str, asked: str) -> Code:
        """The code that `asked` is, or is a name of, in any language.

        Raises:
            UnknownCode: there is none, or there are several; names what may be meant.
        """
        try:
            return self.find(name, asked)
        except UnknownCode:
            wanted = fold_text(asked)
            codes = self._lists.get(name, {}).values()
            named = [
                each for each in codes if any(fold_text(text) == wanted for text, _ in each.names)
            ]
            if len(named) == 1:
                return named[0]
            if named:
                which = ", ".join(each.title for each in named)
                message = f"{asked[:_MOST_SHOWN]!r} is the name of several: {which}"
                raise UnknownCode(message) from None
            raise

    def suggest(self, name: str, asked: str) -> list[Code]:
        """The codes of a list whose code or name is most like `asked`, the nearest first."""
        wanted = fold_text(asked[:_MOST_SHOWN])
        texts: dict[str, Code] = {}
        for each in self.list_codes(name):
            for text in (each.code, *(text for text, _ in each.names)):
                texts.setdefault(fold_text(text), each)
        ranked = process.extract(
            wanted, texts.keys(), scorer=fuzz.WRatio, limit=20, score_cutoff=_ALIKE
        )
        found = {texts[text].code: texts[text] for text, _score, _place in ranked}
        return list(found.values())[:_MOST_PROPOSED]

    def _describe(self, name: str, asked: str) -> str:
        shown = f"there is no {name} {asked[:_MOST_SHOWN]!r}"
        near = self.suggest(name, asked)
        if near:
            return f"{shown}; did you mean {', '.join(each.title for each in near)}?"
        every = self.list_codes(name)
        if len(every) <= 2 * _MOST_PROPOSED:
            return f"{shown}; there are: {', '.join(each.code for each in every) or 'none'}"
        return f"{shown}; the list begins with {', '.join(each.code for each in every[:3])}"
