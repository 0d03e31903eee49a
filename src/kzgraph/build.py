"""The pipeline from tables to a release."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import Store

from kzgraph.faults import Fault, TableFaults
from kzgraph.rdf.content import Content, check
from kzgraph.reasoning import infer
from kzgraph.release import KEEP, METADATA, Release, ReleaseRefused, describe_release, write
from kzgraph.tables import Tables, survey_tables
from kzgraph.tables.soundness import keep_sound
from kzgraph.tracing import Places
from kzgraph.validation import validate, validate_content
from kzgraph.verification import check_evidence
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
    warn: Callable[[Fault], None] | None = None,
    documents: Path | None = None,
) -> Release:
    """Map the tables, reason, validate, and publish a release.

    The previous release stays current unless every step succeeds.

    Args:
        tables_root: the folder of tables; by default the one that ships with kzgraph.
        out: the folder of releases.
        progress: called with the name of each step.
        keep: releases to keep, the new one included.
        warn: called with each warning about the tables.
        documents: the folder of source texts to check the evidence against; by default none is.

    Raises:
        TableFaults: rows are faulty; see `read_or_explain`.
        ContentFaults: the named graphs overlap, or hold what no dump can carry.
        ReleaseRefused: the graph violates its shapes; `report` says where, `places` in which rows.
        ReleaseBusy: another build in the same folder does not end.
    """
    step = progress or (lambda _: None)
    with _no_collection():
        tables = read_or_explain(tables_root, step, warn, documents)
        store = assemble_tables(tables, step)
        step("Describing the release")
        # Read back from the store, which brings numbers into canonical form.
        version, content = describe_release(Content(store))
        check(content)
        store.bulk_extend(quad for quad in content.quads if quad.graph_name == METADATA)
        step("Validating")
        report = validate_content(content, store)
        places = None if report.conforms else Places(tables.rows)
        del store, tables  # Writing needs their memory.
        step("Writing the release")
        try:
            return write(content, version, report, out, keep=keep)
        except ReleaseRefused as refused:
            refused.places = places
            raise


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


def read_or_explain(
    tables_root: Path | None,
    step: Progress,
    warn: Callable[[Fault], None] | None = None,
    documents: Path | None = None,
) -> Tables:
    """The tables; where they are faulty, the shapes are checked on all that can be built of them.

    Args:
        tables_root: see `build`.
        step: called with the name of each step.
        warn: called with each warning.
        documents: see `build`.

    Raises:
        TableFaults: the faults of form, of references, of evidence and of shapes, all of them in
            one. What one of them is about, the next ones say nothing of.
    """
    step("Reading the tables")
    tables = survey_tables(tables_root)
    faults, warnings = list(tables.faults), list(tables.warnings)
    if documents:
        step("Checking the evidence")
        found = check_evidence(tables, documents)
        faults += found.faults
        warnings += found.warnings
    for warning in warnings:
        (warn or (lambda _: None))(warning)
    if faults:
        raise TableFaults([*faults, *_check_rest(tables, faults, step)])
    return tables


def _check_rest(tables: Tables, faults: list[Fault], step: Progress) -> Iterator[Fault]:
    """The violations of the shapes by rows that none of `faults` concerns."""
    rows, complete = keep_sound(tables.rows, tables.refused, faults)
    if not complete:
        return
    store = assemble_tables(Tables(rows), step)
    step("Validating")
    places = Places(rows)
    for result in validate(store).results:
        if result.severity.stops and getattr(result.focus, "value", None) in complete:
            fault = places.trace(result)
            if fault:
                yield fault


def assemble(tables_root: Path | None, step: Progress) -> Store:
    """The graphs of a release but `metadata`: the tables, mapped, and what follows from them.

    Args:
        tables_root: see `build`.
        step: called with the name of each step.

    Raises:
        TableFaults: rows are faulty.
    """
    return assemble_tables(read_or_explain(tables_root, step), step)


def assemble_tables(tables: Tables, step: Progress) -> Store:
    """The graphs of `assemble`, of tables that were read."""
    step("Mapping")
    store = Store()
    # One transaction for all of them would keep them twice.
    store.bulk_extend(map_tables(tables))
    store.bulk_extend(ontology_quads())
    store.bulk_extend(shapes_quads())
    step("Reasoning")
    store.bulk_extend(infer(store))
    return store
