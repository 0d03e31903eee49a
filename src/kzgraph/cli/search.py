"""`kzgraph search`: things of the current release by their names, codes and values."""

import json
from pathlib import Path

import click

from kzgraph.cli.console import show, table, visible
from kzgraph.cli.exits import FOUND_FAULTS
from kzgraph.cli.options import format_option, releases_option
from kzgraph.namespaces import LANGUAGES

EXAMPLES = """\b
Examples:
  kzgraph search Минюст
  kzgraph search 87,632
  kzgraph search "statless persons" --kind population-figure --language ru
"""

#: How many hits there may be.
_MOST = 100


@click.command("search", epilog=EXAMPLES)
@click.argument("text")
@click.option("--kind", "kinds", multiple=True, help="Only things of this kind (repeatable).")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    show_default=True,
    help="The language in which things are shown; they are found in every one.",
)
@click.option("--limit", type=click.IntRange(1, _MOST), default=20, show_default=True)
@releases_option("--releases", "The folder of releases.")
@format_option("text", "json")
def command(
    text: str, kinds: tuple[str, ...], language: str, limit: int, releases: Path, form: str
) -> int:
    """Find things of the current release by names in any language, codes or values.

    Words may be beginnings or other forms, and may have mistakes; the best hits come first. The
    exit code is 1 where nothing is found.
    """
    from dataclasses import asdict

    from pyoxigraph import NamedNode

    from kzgraph.prefixes import shorten
    from kzgraph.release import find_current
    from kzgraph.search import KIND_NAMES, IndexMissing, name_kind, name_kinds

    unknown = [each for each in kinds if each not in KIND_NAMES]
    if unknown:
        raise click.UsageError(f"no kind {unknown[0]}; there are: {', '.join(KIND_NAMES)}")
    try:
        index = find_current(releases).index
    except IndexMissing as error:
        raise click.ClickException(f"{error}; build the release anew") from None
    found = index.search(text, kinds=name_kinds(kinds), limit=limit)
    if form == "json":
        described = {
            "reading": asdict(found.reading),
            "total": found.total,
            "hits": [
                {
                    **{"iri": hit.iri, "kind": name_kind(NamedNode(hit.kind))},
                    **{"match": hit.match, "score": hit.score},
                    "name": hit.name and hit.name.text,
                    "labels": {name.language: name.text for name in hit.labels},
                }
                for hit in found.hits
            ],
        }
        click.echo(json.dumps(described, ensure_ascii=False, indent=2))
        return 0 if found.hits else FOUND_FAULTS
    reading = found.reading
    if reading.retyped:
        show(f"Taken for what the keys mean elsewhere: {visible(reading.retyped)}")
    for word, words in reading.corrected.items():
        show(f"Not there: {visible(word)}; taken for: {', '.join(words)}")
    if reading.dropped:
        near = f"; there are: {', '.join(reading.nearest)}" if reading.nearest else ""
        show(f"Not there: {visible(', '.join(reading.dropped))}{near}")
    if not found.hits:
        show("Nothing was found")
        return FOUND_FAULTS
    shown = table("Name", "Kind", "Found by", "Thing")
    for hit in found.hits:
        label = hit.label(language)
        by = hit.name.text if hit.name else hit.match.value
        kind = name_kind(NamedNode(hit.kind))
        shown.add_row(visible(label.text if label else ""), kind, visible(by), shorten(hit.iri))
    show(shown)
    if found.total > len(found.hits):
        show(f"{len(found.hits)} of {found.total}; --limit shows more")
    return 0
