"""What the endpoints are measured on: the release, and two million triples in its vocabulary."""

import hashlib
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from kzgraph.columns.column_file import COLUMNS
from kzgraph.columns.column_tables import write_columns
from kzgraph.iri import graph, thing
from kzgraph.namespaces import DCAT
from kzgraph.release.dumps import DUMPS, SUMS, check_sums
from kzgraph.release.integrity import STORE
from kzgraph.release.manifest import MANIFEST
from kzgraph.release.statistics import STATISTICS

#: Sixty countries with people from forty others in four groups over eighteen years: 172,800
#: figures of twelve triples each, and a label for each country.
COUNTRIES, ORIGINS, YEARS = 60, 40, range(2006, 2024)
GROUPS = ("REF", "ASY", "STA", "RET")
TRIPLES = COUNTRIES * ORIGINS * len(GROUPS) * len(YEARS) * 12 + COUNTRIES + ORIGINS

PROLOGUE = """\
@prefix kzg: <https://w3id.org/kzgraph/ontology#> .
@prefix qb: <http://purl.org/linked-data/cube#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@base <https://w3id.org/kzgraph/id/> .
"""


@dataclass(frozen=True)
class DataSet:
    """Data in a release for this server, and in a file for the others.

    Attributes:
        releases: the folder of releases, with one release in it.
        file: the same quads in Turtle or N-Quads.
        graph: the graph that the file belongs into; None where the file names its graphs.
    """

    releases: Path
    file: Path
    graph: str | None


def release(folder: Path) -> DataSet:
    """The three documents, built as a user builds them."""
    releases = folder / "releases"
    command = [sys.executable, "-m", "kzgraph", "build", "--out", str(releases)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return DataSet(releases, releases / "current" / "dumps" / "kzgraph.nq", None)


def existing(releases: Path, folder: Path) -> DataSet:
    """The current release of a folder that is not written to, as the only one of a new folder."""
    version = (releases / "current").resolve()
    copied = folder / "releases"
    copied.mkdir()
    for name in (version.name, "current"):
        (copied / name).symlink_to(version)
    return DataSet(copied, version / DUMPS / "kzgraph.nq", None)


def figures(folder: Path, like: DataSet) -> DataSet:
    """Two million triples of population figures, the same ones each time.

    Args:
        folder: where to write.
        like: a release whose manifest and statistics the new one takes over.
    """
    file = folder / "figures.ttl"
    with file.open("w", encoding="utf-8") as out:
        out.writelines(_lines())
    name = graph("figures").value
    version = folder / "releases" / "figures"
    (version / "dumps").mkdir(parents=True)
    store = Store(str(version / STORE))
    store.bulk_load(path=str(file), format=RdfFormat.TURTLE, to_graph=NamedNode(name))
    if len(store) != TRIPLES:
        raise SystemExit(f"{len(store)} triples were loaded, not {TRIPLES}")
    stated = Literal(version.name)
    store.add(Quad(thing("dataset", "kzgraph"), DCAT["version"], stated, graph("metadata")))
    store.optimize()
    quads = folder / "figures.nq"
    store.dump(str(quads), RdfFormat.N_QUADS)
    write_columns(quads, version / COLUMNS, version.name)
    quads.unlink()
    taken = like.releases / "current"
    shutil.copyfile(taken / MANIFEST, version / MANIFEST)
    shutil.copyfile(taken / DUMPS / STATISTICS, version / DUMPS / STATISTICS)
    seal(version, {"figures": TRIPLES, "metadata": 1})
    (version.parent / "current").symlink_to(version.name)
    return DataSet(version.parent, file, name)


def seal(version: Path, graphs: Mapping[str, int]) -> None:
    """Let the manifest of a release, taken over from another, say what the folder has by now.

    Args:
        version: the folder of the release.
        graphs: the quads of each graph.
    """
    manifest = json.loads((version / MANIFEST).read_bytes())
    manifest["version"] = version.name
    manifest["counts"] |= {"triples": sum(graphs.values()), "graphs": dict(graphs)}
    files = [file for file in manifest["files"] if (version / file["path"]).exists()]
    for file in files:
        data = (version / file["path"]).read_bytes()
        file |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    manifest["files"] = files
    described = json.dumps(manifest).encode()
    for place in (version, version / DUMPS):
        (place / MANIFEST).write_bytes(described)
    sums = {
        file["path"].removeprefix(f"{DUMPS}/"): file["sha256"]
        for file in files
        if file["path"].startswith(f"{DUMPS}/")
    }
    sums[MANIFEST] = hashlib.sha256(described).hexdigest()
    (version / DUMPS / SUMS).write_bytes(check_sums(sums))


def _lines() -> Iterator[str]:
    chance = random.Random(2018)  # noqa: S311 - figures, not secrets
    yield PROLOGUE
    for number in range(max(COUNTRIES, ORIGINS)):
        for kind, most in (("country", COUNTRIES), ("origin", ORIGINS)):
            if number < most:
                yield f'<{kind}/{number}> rdfs:label "{kind.capitalize()} {number}"@en .\n'
    for country in range(COUNTRIES):
        for origin in range(ORIGINS):
            for group in GROUPS:
                value = int(chance.paretovariate(0.6))
                for year in YEARS:
                    value = max(
                        0, min(value + chance.randint(-value // 4 - 1, value // 4 + 1), 10**7)
                    )
                    yield figure(country, origin, group, year, value)


def figure(country: int, origin: int, group: str, year: int, value: int) -> str:
    """One population figure in Turtle, behind `PROLOGUE`."""
    return (
        f"<figure/{country}-{origin}-{group}-{year}> a kzg:PopulationFigure, qb:Observation ; "
        f"qb:dataSet <dataset/population> ; kzg:scope <country/{country}> ; "
        f"kzg:origin <origin/{origin}> ; kzg:populationGroup <population-group/{group}> ; "
        f"kzg:quantity <quantity/stock> ; kzg:unit <unit/persons> ; "
        f"kzg:status <status/actual> ; kzg:registeredBy <registered-by/government> ; "
        f"kzg:year {year} ; kzg:value {value} .\n"
    )
