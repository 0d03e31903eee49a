"""The words of a release: its classes, properties and code lists, as the server lists them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kzgraph.prefixes import PREFIXES
from kzgraph_server.assistants.asking_queries import explain_refusal
from kzgraph_server.assistants.outcomes import ToolRefusal
from kzgraph_server.assistants.site_access import Request, Site

#: Vocabularies that describe how the graph is made, or say the same again for other programs.
_MAKING = ("sh:", "void:", "void-ext:", "owl:", "qb:", "sssom:", "dcat:", "sdmx-", "rdf:")
#: Properties that anything may have, or that lead from code to code; of no help in a query.
_GENERAL = frozenset(
    (
        *("oa:hasBody", "oa:hasTarget", "skos:topConceptOf", "skos:hasTopConcept"),
        *("skos:inScheme", "skos:broader", "skos:narrower"),
    )
)


@dataclass(frozen=True)
class Vocabulary:
    """What `/sparql/completions` lists.

    Attributes:
        classes: `name`, `label`, `about` and `count` of each.
        properties: likewise.
        uses: the properties that things of a class have, those used most first.
        values: the prefixes of the things that a property leads to.
    """

    classes: Sequence[Mapping[str, Any]]
    properties: Sequence[Mapping[str, Any]]
    uses: Mapping[str, Sequence[str]]
    values: Mapping[str, Sequence[str]]

    def lead_to(self, prefix: str) -> list[str]:
        """The properties that lead to things of a prefix, most used first, the project's before."""
        found = [
            each["name"]
            for each in self.properties
            if prefix in self.values.get(each["name"], ()) and is_subject(each["name"])
        ]
        # What is called as the prefix is meant for its things above all: `kzg:populationGroup`.
        own = "kzg:" + prefix.removeprefix("kzr-").title().replace("-", "")
        return sorted(
            found,
            key=lambda name: (name.lower() != own.lower(), not name.startswith("kzg:")),
        )

    def prefixes_of(self, name: str) -> Sequence[str]:
        """The prefixes of the things that a property leads to, where they say something."""
        return () if name in _GENERAL else self.values.get(name, ())


def is_subject(name: str) -> bool:
    """Whether a class or property says what the graph is about.

    >>> is_subject("kzg:country"), is_subject("sh:path"), is_subject("rdf:type")
    (True, False, False)
    """
    return not name.startswith(_MAKING) and name not in _GENERAL


async def read_vocabulary(site: Site) -> Vocabulary:
    """The vocabulary of the release that a server has.

    Raises:
        ToolRefusal: the server does not list it.
        SiteError: see `Site.send`.
    """
    reply = await site.send(Request("/sparql/completions"))
    if reply.status != 200:
        raise ToolRefusal(explain_refusal(reply))
    found = reply.json
    return Vocabulary(found["classes"], found["properties"], found["uses"], found["values"])


def expand(name: str) -> str | None:
    """The IRI of a name with a prefix; None where the prefix is not known."""
    prefix, _, local = name.partition(":")
    return f"{PREFIXES[prefix]}{local}" if prefix in PREFIXES and local else None
