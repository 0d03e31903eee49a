"""The pipeline from tables to a release."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import Store

from kzgraph.rdf.content import Content, check
from kzgraph.reasoning import infer
from kzgraph.release import KEEP, Release, describe_release, write
from kzgraph.tables import read_tables
from kzgraph.validation import validate
from kzgraph.vocabulary import ontology_quads, shapes_quads
from kzgraph_mappings import map_tables

#: Called with the name of each step.
Progress = Callable[[str], None]


def build(
    tables_root: Path | None,
    out: Path,
    progress: Progress | None = None,
    *,
    keep: int = KEEP,
) -> Release:
    """Map the tables, reason, validate, and publish a release.

    The previous release stays current unless every step succeeds.

    Args:
        tables_root: the folder of tables; by default the one that ships with kzgraph.
        out: the folder of releases.
        progress: called with the name of each step.
        keep: releases to keep, the new one included.

    Raises:
        TableFaults: rows are faulty.
        ContentFaults: the named graphs overlap, or hold what no dump can carry.
        ReleaseRefused: the graph violates its shapes; `report` says where.
        ReleaseBusy: another build in the same folder does not end.
    """
    step = progress or (lambda _: None)
    with _no_collection():
        store = assemble(tables_root, step)
        step("Describing the release")
        # Read back from the store, which brings numbers into canonical form.
        version, content = describe_release(Content(store))
        check(content)
        store.extend(content.quads)
        step("Validating")
        report = validate(store)
        del store  # Writing needs its memory.
        step("Writing the release")
        return write(content, version, report, out, keep=keep)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Collect no cycles meanwhile: rows of a release make none, and would all be walked through.

    An eighth of the processor time of a build of a hundred documents.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def assemble(tables_root: Path | None, step: Progress) -> Store:
    """The graphs of a release but `metadata`: the tables, mapped, and what follows from them.

    Args:
        tables_root: see `build`.
        step: called with the name of each step.

    Raises:
        TableFaults: rows are faulty.
    """
    step("Reading the tables")
    tables = read_tables(tables_root)
    step("Mapping")
    store = Store()
    store.extend(map_tables(tables))
    store.extend(ontology_quads())
    store.extend(shapes_quads())
    step("Reasoning")
    store.extend(infer(store))
    return store
