"""A release with superseded graphs, small."""

import hashlib
import json
import shutil
from dataclasses import asdict
from pathlib import Path

from pyoxigraph import Store

from kzgraph.iri import GRAPH
from kzgraph.rdf.content import Content
from kzgraph.release import MANIFEST, Release, describe_release
from kzgraph.release.all_graphs import write_all_graphs
from kzgraph.release.dumps import DUMPS, SUMS, File, check_sums, gzip_bytes, write_one
from kzgraph.release.publish import write_folder
from small_release import content, report
from vintage_graphs import CURRENT, SUPERSEDED, list_sources, quads


def make_release(root: Path) -> Release:
    """The release that `root`/current leads to, with the graphs of `vintage_graphs`."""
    stated = [
        *(quad for quad in content()[1].quads if not str(quad.graph_name).endswith("metadata>")),
        *quads(name for name in CURRENT if name != "metadata"),
    ]
    version, described = describe_release(Content(stated))
    folder = root / version
    write_folder(described.with_quads(quads(["metadata"])), version, report(), folder)
    manifest = json.loads((folder / MANIFEST).read_bytes())
    for number, name in enumerate(SUPERSEDED):
        lines = sorted(f"{q.subject} {q.predicate} {q.object} .\n" for q in quads([name]))
        data = "".join(lines).encode()
        path = f"{DUMPS}/graphs/{name}.nt"
        file = File(path, "application/n-triples", 0, "", graph=GRAPH + name)
        if number:  # One of them has no dump but a compressed one.
            file = File(f"{path}.gz", "application/n-triples", 0, "", "gzip", GRAPH + name)
            data = gzip_bytes(data)
        entry = asdict(write_one(folder, file, data))
        manifest["files"].append({key: value for key, value in entry.items() if value != ""})
    manifest["sources"] = list_sources()
    described_again = json.dumps(manifest).encode()
    for path in (MANIFEST, f"{DUMPS}/{MANIFEST}"):
        (folder / path).write_bytes(described_again)
    sums = {each["path"]: each["sha256"] for each in manifest["files"]}
    sums[f"{DUMPS}/{MANIFEST}"] = hashlib.sha256(described_again).hexdigest()
    listed = {
        path.removeprefix(f"{DUMPS}/"): digest
        for path, digest in sums.items()
        if path.startswith(DUMPS)
    }
    (folder / DUMPS / SUMS).write_bytes(check_sums(listed))
    write_all_graphs(folder, Store.read_only(str(folder / "store")), manifest)
    (root / "current").symlink_to(version)
    return Release(folder)


def copy_release(release: Release, root: Path) -> Release:
    """A copy in the folder of releases `root`, to be damaged."""
    shutil.copytree(release.path, root / release.path.name)
    return Release(root / release.path.name)
