"""Activity files of the International Aid Transparency Initiative, version 2.

https://iatistandard.org/en/iati-standard/203/activity-standard/
"""

import re
from dataclasses import replace
from functools import partial

from kzgraph.sources import FaultList, Sink, Source
from kzgraph.sources.xml_records import Counts, Element, read_records
from kzgraph_mappings.official.iati_activity import write_activity
from kzgraph_mappings.official.iati_checks import Checks
from kzgraph_mappings.official.iati_figures import ActivityGraph
from kzgraph_mappings.official.iati_grammar import check_grammar
from kzgraph_mappings.official.iati_money import write_budgets, write_transactions
from kzgraph_mappings.official.iati_results import write_results
from kzgraph_mappings.official.iati_shared import Things, known_organisation
from kzgraph_mappings.official.iati_values import read_date, read_language
from kzgraph_mappings.official.iati_warnings import Warnings
from kzgraph_mappings.official.official_cells import shorten, show

#: The versions whose activities are read: https://iatistandard.org/en/iati-standard/203/codelists/version/
VERSIONS = frozenset(("2.01", "2.02", "2.03"))
_ROOT = "iati-activities"
_GENERATED = re.compile(rb'<iati-activities[^>]*\sgenerated-datetime\s*=\s*["\'](\d{4}-\d\d-\d\d)')
#: The longest identifier of an activity that is taken for one.
_MOST_IDENTIFIER = 300
#: What files say of an activity, each of which is taken from the newest file that says it.
PARTS = ("activity", "budgets", "transactions", "results")


def recognize(head: bytes) -> bool:
    """Whether a file with this beginning is an activity file."""
    return b"<iati-activities" in head.replace(b"\0", b"")


def find_date(head: bytes) -> str:
    """The day on which a file with this beginning was generated; nothing where it is not stated."""
    match = _GENERATED.search(head.replace(b"\0", b""))
    day = read_date(match[1].decode()) if match else None
    return day.isoformat() if day else ""


def map_activities(source: Source, sink: Sink) -> None:
    """Map an activity file.

    Raises:
        SourceFaults: it is not one, or its activities lack what the schema requires.
    """
    faults = FaultList(source.path.name)
    counts = Counts()
    things = Things(sink)
    warnings = Warnings()
    checks = Checks(faults, warnings.add)
    lines: dict[str, int] = {}
    check = partial(_check_root, faults=faults, warnings=warnings)
    for activity in read_records(source, faults, "iati-activity", check, counts):
        _map_activity(activity, lines, things, checks, sink)
        sink.advance(1)
    if not lines:
        faults.add(0, "", "the file has no activity", "fetch the file again, and ingest that")
    faults.check()
    warnings.tell(sink.tell, counts)


def _map_activity(
    activity: Element, lines: dict[str, int], things: Things, checks: Checks, sink: Sink
) -> None:
    checks.language = read_language(activity.get("lang"))
    check_grammar(activity, checks)
    named = checks.child(activity, "iati-identifier")
    identifier = " ".join(named.text.split()) if named else ""
    if named and (not identifier or len(identifier) > _MOST_IDENTIFIER):
        message = "is empty" if not identifier else f"has more than {_MOST_IDENTIFIER} characters"
        checks.add(named, f"the identifier {message}", "write that of the activity")
    if identifier and identifier in lines:
        checks.add(
            activity,
            f"the activity {identifier} was in line {lines[identifier]} already",
            "keep one of the two: an identifier is that of one activity",
            "iati-identifier",
        )
        return
    lines[identifier] = activity.line
    repeater = _find_repeater(activity, identifier)
    record = f"{identifier} by {repeater}" if repeater else identifier
    # What another file has newer, or what has no identifier, is checked all the same.
    own = {part: bool(identifier) and claim(sink, record, part) for part in PARTS}
    graph = ActivityGraph(record or "unknown", things, sink)
    graph.is_written = own["activity"]
    context = write_activity(activity, things, checks, graph)
    if repeater:
        graph.say(graph.node, "dcterms:relation", things.activity(identifier))
        if not context.is_secondary:
            checks.warn(
                activity,
                "the identifier begins with that of another organisation than reports it",
                "ask the publisher; its money is kept, and no sum counts it",
                "iati-identifier",
            )
            context = replace(context, is_secondary=True)
    for part, write in (
        ("budgets", write_budgets),
        ("transactions", write_transactions),
        ("results", write_results),
    ):
        graph.is_written = own[part]
        write(activity, context)


def _find_repeater(activity: Element, identifier: str) -> str:
    """Who reports an activity that is another's; nothing where it is the reporter's own.

    What they say is a record of its own: it must not take the place of what its owner says.
    """
    reporting = activity.first("reporting-org")
    reporter = reporting.get("ref") if reporting else ""
    if not reporting or not reporter or not identifier:
        return ""
    if reporting.get("secondary-reporter") in {"1", "true"}:
        return reporter
    parts = identifier.split("-")
    prefixes = {"-".join(parts[:end]) for end in range(1, len(parts))}
    if reporter not in prefixes and any(map(known_organisation, prefixes)):
        return reporter
    return ""


def claim(sink: Sink, identifier: str, part: str) -> bool:
    """Whether no newer file says the part of `PARTS` of an activity."""
    return sink.claim(f"{identifier}#{part}")


def _check_root(root: Element, faults: FaultList, warnings: Warnings) -> None:
    """Refuse a file that does not have activities of a version that is read."""
    name, version = root.name.rpartition(" ")[2], root.get("version")
    if name == "iati-organisations":
        message, remedy = "it is an organisation file", "ingest the activity file of the publisher"
    elif root.name != _ROOT:
        message, remedy = (
            f"its root is <{shorten(name)}>",
            f"ingest an IATI activity file, of <{_ROOT}>",
        )
        if name == _ROOT:
            message = "its elements have a namespace"
            remedy = f'delete xmlns="…" from <{_ROOT}>: those of IATI have none'
    elif version in VERSIONS:
        generated = root.get("generated-datetime")
        if generated and read_date(generated.partition("T")[0]) is None:
            warnings.add(
                root.line,
                name,
                f"generated-datetime {show(generated)} is not a day and a time",
                "state with --date when the file was made: the newest of several files counts",
            )
        return
    elif version.startswith("1."):
        message = f"it is of version {shorten(version)}, whose elements and codes are others"
        remedy = "ask the publisher for version 2.03"
    else:
        message = f"its version is {show(version)}" if version else "it does not state its version"
        remedy = 'write version="2.03" if it is of that; 2.01 and 2.02 are read as well'
    raise faults.stop(root.line, shorten(name), message, remedy)
