"""Under which licence an answer is sent: that of what it holds.

Several links with `rel="license"` offer a choice between licences, as
https://www.rfc-editor.org/rfc/rfc4946#section-2 has it. What holds data of several licences offers
none: so its one link leads to the text that says whose each data set is and which licence it has.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self, cast

from flask import g
from pyoxigraph import NamedNode, Quad

from kzgraph.iri import GRAPH
from kzgraph.licences import OWN
from kzgraph.release import Release
from kzgraph.release.attribution import find_sources
from kzgraph.release.dumps import ATTRIBUTION, DUMPS, File
from kzgraph.sparql.origins import MADE_FROM, Origin
from kzgraph.sparql.superseded import Tables
from kzgraph_server.served import Served, compute_once


@dataclass(frozen=True, slots=True)
class Rights:
    """Whose data an answer has.

    Attributes:
        licences: of the data, as IRIs in order; none where it is not known whose it is.
        credited: whether data of a source is in it, which is named in `ATTRIBUTION.txt`.
    """

    licences: tuple[str, ...]
    credited: bool = False

    def links(self, mount: str) -> Iterator[tuple[str, str]]:
        """Addresses and their relations, by the registry of link relations of RFC 8288.

        Args:
            mount: the path below which the release is served.
        """
        attribution = f"{mount}/{DUMPS}/{ATTRIBUTION}"
        if len(self.licences) == 1:
            yield self.licences[0], "license"
        elif self.licences:
            yield attribution, "license"
        if self.credited and len(self.licences) < 2:
            yield attribution, "copyright"


#: Those of what has data of no source.
OWN_RIGHTS = Rights((OWN.iri,))


@dataclass(frozen=True)
class Licensing:
    """The rights of the graphs and files of a release.

    Attributes:
        whole: of all that a plain query meets.
        every: of that and the superseded graphs.
        files: by their paths in the release.
        graphs: by their IRIs.
        tables: which of the graphs are superseded.
    """

    whole: Rights
    every: Rights
    files: Mapping[str, Rights]
    graphs: Mapping[str, Rights]
    tables: Tables

    @classmethod
    def of_release(cls, release: Release) -> Self:
        """Those of a release, by its manifest."""
        sources = release.sources
        files = {
            path: Rights(file.licences or (OWN.iri,), bool(find_sources(file, sources)))
            for path, file in release.files.items()
        }
        current = [each for each in sources if each.current]
        return cls(
            _add_up(OWN_RIGHTS, *(Rights((each.licence,), True) for each in current)),
            _add_up(OWN_RIGHTS, *(Rights((each.licence,), True) for each in sources)),
            files,
            {file.graph: files[path] for path, file in release.files.items() if file.graph},
            Tables.of_manifest(release.manifest),
        )

    def of_file(self, file: File) -> Rights:
        """The rights of a file."""
        return self.files.get(file.path, OWN_RIGHTS)

    def of_description(self, quads: Iterable[Quad], origins: Iterable[Origin]) -> Rights:
        """The rights of a description: of its graphs, and of what they were computed from."""
        graphs = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode)}
        made = {GRAPH + name for name in MADE_FROM}
        sourced = [Rights((each.licence,), True) for each in origins]
        own = [OWN_RIGHTS] if graphs & made else []
        stated = [self.graphs[each] for each in graphs - made if each in self.graphs]
        return _add_up(*sourced, *own, *stated)

    def of_graphs(self, iris: Iterable[str]) -> Rights:
        """The rights of what is taken from these graphs; one that is not there has nothing."""
        return _add_up(*(self.graphs[iri] for iri in iris if iri in self.graphs))

    def of_current(self, superseded: Iterable[str]) -> Rights:
        """The rights of what is taken from the current graphs and from these superseded ones."""
        return _add_up(self.whole, *map(self.graphs.__getitem__, superseded))


def _add_up(*several: Rights) -> Rights:
    """The rights of data of all of `several`."""
    licences = {licence for each in several for licence in each.licences} or {OWN.iri}
    return Rights(tuple(sorted(licences)), any(each.credited for each in several))


def _find(now: Served) -> Licensing:
    return Licensing.of_release(now.release)


def get_licensing() -> Licensing:
    """The rights of the release that the current request to Flask is about."""
    return compute_once(_find)


def set_rights(rights: Rights) -> None:
    """Say whose data the answer to the current request to Flask has."""
    g.rights = rights


def get_rights() -> Rights:
    """Whose data that is: the project's, where nothing else was said."""
    return cast(Rights, g.get("rights", OWN_RIGHTS))
