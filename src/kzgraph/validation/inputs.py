"""RDF files to validate, and shapes to validate with."""

from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from pathlib import Path

from pyoxigraph import BlankNode, Quad, RdfFormat, parse

from kzgraph.iri import graph
from kzgraph.namespaces import SH, Term
from kzgraph.resources import folder

SHAPES_GRAPH = graph("shapes")


class UnreadableFile(ValueError):
    """A file to validate is missing, or not in the format of its extension."""


def read_data(files: Iterable[Path]) -> list[Quad]:
    """The quads of all files but those of the graph `shapes`, which is not data.

    Raises:
        UnreadableFile: names the file and, where it is not well-formed, line and column.
    """
    return [q for file in files for q in _quads(file) if q.graph_name != SHAPES_GRAPH]


def read_shapes(files: Sequence[Path]) -> list[Quad]:
    """The quads of files with shapes, in any graph.

    Blank nodes are numbered in the order of the files, so that two reports on the same findings
    name the same shapes. To name them canonically takes longer than anybody waits for some graphs:
    https://www.w3.org/TR/rdf-canon/#dataset-poisoning

    Raises:
        UnreadableFile: see `read_data`; or no file has a word of SHACL.
    """
    names: dict[BlankNode, BlankNode] = {}

    def name(term: Term) -> Term:
        if isinstance(term, BlankNode):
            return names.setdefault(term, BlankNode(f"b{len(names)}"))
        return term

    quads = [
        Quad(name(quad.subject), quad.predicate, name(quad.object))  # type: ignore[arg-type]
        for file in files
        for quad in _quads(file)
    ]
    if not any(quad.predicate.value.startswith(SH.iri) for quad in quads):
        raise UnreadableFile(
            f"{', '.join(map(str, files))}: there are no shapes, so nothing is checked"
        )
    return quads


def project_files(name: str) -> list[Path]:
    """The Turtle files of a folder of the project, `shapes` or `ontology`."""
    return sorted(folder(name).glob("*.ttl"))


def _quads(file: Path) -> list[Quad]:
    rdf_format = RdfFormat.from_extension(file.suffix.removeprefix("."))
    if rdf_format is None:
        raise UnreadableFile(
            f"{file}: the name says no RDF format; use one of .ttl .nt .nq .trig .jsonld .rdf"
        )
    if file.exists() and not file.is_file():  # A pipe would be waited for.
        raise UnreadableFile(f"{file}: it is not a regular file")
    try:
        # A relative IRI is meant from where the file is.
        base = file.resolve().as_uri()
        with file.open("rb") as stream:
            if stream.read(len(BOM_UTF8)) != BOM_UTF8:
                stream.seek(0)
            return list(parse(stream, rdf_format, base_iri=base, rename_blank_nodes=True))
    except OSError as error:
        raise UnreadableFile(f"{file}: {error.strerror or error}") from error
    except MemoryError as error:
        raise UnreadableFile(f"{file}: a literal or a name is larger than 16 MiB") from error
    except SyntaxError as error:
        place = f":{error.lineno}:{error.offset}" if error.lineno else ""
        raise UnreadableFile(f"{file}{place}: {error.msg}") from error
