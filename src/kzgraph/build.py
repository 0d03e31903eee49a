"""The pipeline from tables and sources to a release."""

import gc
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import Quad, Store

from kzgraph.example_queries import example_quads
from kzgraph.faults import Fault, TableFaults
from kzgraph.intake import (
    NO_CHANGE,
    Change,
    Mapped,
    Plan,
    area_countries,
    keep_names,
    lend,
    load,
    map_sources,
    packaged_offers,
    plan_sources,
)
from kzgraph.iri import REASONED_GRAPHS, graph
from kzgraph.rdf.content import Content
from kzgraph.rdf.formats import Format
from kzgraph.reasoning import infer
from kzgraph.release import KEEP, METADATA, Release, ReleaseRefused, current, describe_counted
from kzgraph.release.contents import Contents, choose_large, gather, read_file
from kzgraph.release.filling import filling
from kzgraph.release.kept_files import find_before, refuse_other_documents
from kzgraph.release.publish import folder_of_sources, lock_releases, publish
from kzgraph.sources.source_entries import SourceGraph
from kzgraph.tables import Tables, survey_tables
from kzgraph.tables.soundness import keep_sound
from kzgraph.tracing import Places, find_in_files
from kzgraph.validation import Report, validate, validate_content
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
    change: Change = NO_CHANGE,
    if_changed: bool = False,
    formats: Collection[Format] = (),
    note: Callable[[str], None] | None = None,
) -> Release:
    """Map the tables and the sources, reason, validate, and publish a release.

    The previous release stays current unless every step succeeds. Its sources stay too, but for
    `change`; those that ship with kzgraph belong to the tables that do.

    Args:
        tables_root: the folder of tables; by default the one that ships with kzgraph.
        out: the folder of releases.
        progress: called with the name of each step.
        keep: releases to keep, the new one included.
        warn: called with each warning about the tables, and about a release that is damaged.
        documents: the folder of source texts to check the evidence against; by default none is.
        change: which sources are to be otherwise than in the previous release.
        if_changed: whether nothing is built where none is, and the tables have to be those of the
            documents of the previous release.
        formats: in which a release larger than memory is written as a whole, beside N-Quads.
        note: called with what is to be said of the sources.

    Raises:
        TableFaults: rows are faulty; see `read_or_explain`.
        SourceFaults: a source is.
        SourceError: what is asked of a source cannot be done.
        ContentFaults: the named graphs overlap, or hold what no dump can carry.
        ReleaseRefused: the graph violates its shapes; `report` says where, `places` in which rows.
        ReleaseBusy: another build in the same folder does not end.
    """
    step, tell = progress or (lambda _: None), note or (lambda _: None)
    with _no_collection():
        tables = read_or_explain(tables_root, step, warn, documents)
        with lock_releases(out), folder_of_sources(out) as folder, filling(folder) as begun:
            before = find_before(out, warn or (lambda _: None))
            plan = plan_sources(
                packaged_offers(tables_root), before.sources, change, out, folder, before.removed
            )
            for told in plan.told:
                tell(told)
            now = current(out) if if_changed else None
            if now is not None:
                if not plan.changed:
                    return now
                refuse_other_documents(now, tables.documents)
            lends = tables_root is not None
            joined = _join(tables, plan, folder, step, lends=lends, ready=begun.load)
            shown = {each.source.name: each.shown for each in plan.joining}
            del plan.joining[:]
            for told in joined.mapped.told:
                tell(told)
            step("Describing the release")
            # Read back from the store, which brings numbers into canonical form.
            version, content, tally = describe_counted(Content(joined.store), joined.mapped.graphs)
            contents = gather(content, joined.mapped.graphs, plan.removed, tally)
            check = _Check(contents, joined, tables, shown, step)
            del joined, tables, content, tally
            if contents.streamed:
                step("Writing the release")
            try:
                return publish(
                    contents,
                    version,
                    check.make_report,
                    out,
                    keep=keep,
                    formats=formats,
                    taken=plan.taken,
                    begun=begun,
                )
            except ReleaseRefused as refused:
                refused.places = check.places
                raise


class _Check:
    """Validates what is about to be published.

    Attributes:
        places: in which rows the violations are; None without any.
    """

    def __init__(
        self,
        contents: Contents,
        joined: "Joined",
        tables: Tables,
        shown: Mapping[str, str],
        step: Progress,
    ) -> None:
        """Validate `contents`; `shown` has what sources are called in messages."""
        self._of = [(contents, joined, tables)]
        self._shown, self._step = shown, step
        self.places: Places | None = None

    def make_report(self) -> Report:
        """The report; what it was made from is let go, for writing needs the memory."""
        contents, joined, tables = self._of.pop()
        self._step("Validating")
        report = _validate(contents, joined)
        if not report.conforms:
            graphs = [(self._shown[each.name], each.path) for each in contents.sources]
            self.places = Places(tables.rows, report.results, find_in_files(graphs))
        self._step("Writing the release")
        return report


def _validate(contents: Contents, joined: "Joined") -> Report:
    """The report; the store of `joined` is filled with the rest of what is validated."""
    # What was added to the store's own graphs when the release was described, too.
    kept = (
        METADATA,
        *map(graph, REASONED_GRAPHS),
        *(graph(each.name) for each in contents.current),
    )
    store, beside, files = joined.store, list[Quad](), contents.superseded
    if contents.streamed:
        files = list(contents.sources)
        beside = [*joined.mapped.official, *contents.references()]
        store.bulk_extend(beside)
    store.bulk_extend(quad for quad in contents.content.quads if quad.graph_name in kept)
    return validate_content(contents.content, store, beside, [each.path for each in files])


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
        # Imported here: most builds have no texts at hand.
        from kzgraph.verification.documents import check_evidence

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

    The sources that belong to the tables are among them; those that an operator brought are not.

    Args:
        tables_root: see `build`.
        step: called with the name of each step.

    Raises:
        TableFaults: rows are faulty.
    """
    return assemble_all(tables_root, read_or_explain(tables_root, step), step)


def assemble_all(tables_root: Path | None, tables: Tables, step: Progress) -> Store:
    """The graphs of `assemble`, of tables that were read."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        plan = plan_sources(packaged_offers(tables_root), (), NO_CHANGE, folder, folder)
        joined = _join(tables, plan, folder, step)
        for each in joined.mapped.graphs:
            if each.entry.current:
                load(joined.store, read_file(each.path))
    return joined.store


def assemble_tables(tables: Tables, step: Progress) -> Store:
    """The same of tables without sources."""
    return _join(tables, Plan(), Path(), step).store


@dataclass
class Joined:
    """The graphs of a release.

    Attributes:
        store: all but `metadata` and those of sources.
        mapped: those of sources.
    """

    store: Store
    mapped: Mapped


def _join(
    tables: Tables,
    plan: Plan,
    folder: Path,
    step: Progress,
    *,
    lends: bool = False,
    ready: Callable[[Path], None] = lambda _: None,
) -> Joined:
    """Map tables and sources, and reason.

    Args:
        tables: that were read.
        plan: which sources join.
        folder: where their graphs are written.
        step: called with the name of each step.
        lends: whether what sources speak of and the tables lack comes from the packaged ones.
        ready: called with each graph that the store of the release will have as it is.
    """
    step("Mapping")
    store = Store()
    # One transaction for all of them would keep them twice.
    store.bulk_extend(map_tables(tables))

    def begin(graphs: Sequence[SourceGraph]) -> None:
        for each in choose_large(graphs):
            ready(each.path)

    mapped = map_sources(plan.joining, plan.decided, area_countries(store), folder, step, begin)
    store.bulk_extend(list(keep_names(store, mapped.shared)))
    if lends and mapped.graphs:
        packaged = map_tables(survey_tables())
        store.bulk_extend(
            lend(store, packaged, [each.path for each in mapped.graphs], mapped.shared)
        )
    store.bulk_extend(ontology_quads())
    store.bulk_extend(shapes_quads())
    store.bulk_extend(example_quads())
    step("Reasoning")
    store.bulk_extend(infer(store, mapped.official, mapped.earlier))
    return Joined(store, mapped)
