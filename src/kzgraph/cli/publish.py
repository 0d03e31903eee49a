"""`kzgraph publish`: load a release into another SPARQL store."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kzgraph import settings
from kzgraph.cli.console import note, progress, show, table
from kzgraph.cli.exits import CannotGoOn
from kzgraph.cli.options import releases_option

if TYPE_CHECKING:
    from kzgraph.publish import Outcome, Target
    from kzgraph.publish.example_answers import ExampleAnswer
    from kzgraph.release import Release

#: The variable of the password, which must not be in a command line.
_PASSWORD = settings.variable("publish_password")

EXAMPLES = """\b
Examples:
  kzgraph publish --to http://localhost:7878/store
  kzgraph publish --to http://localhost:8890/sparql-graph-crud-auth --user dba --password-file pw
  kzgraph publish --to https://example.org/ds/update --query-endpoint https://example.org/ds/query
  kzgraph publish --to http://localhost:7878/store --dry-run
"""


@click.command("publish", epilog=EXAMPLES)
@click.option(
    "--to",
    "url",
    required=True,
    metavar="URL",
    help="The store's address for graphs (Graph Store Protocol) or for updates.",
)
@click.option(
    "--method",
    type=click.Choice(("gsp", "update", "auto")),
    default="auto",
    show_default=True,
    help="Send graphs by the Graph Store Protocol, or by SPARQL Update.",
)
@click.option("--user", metavar="NAME", help="The user who may write there.")
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"A file that holds the password or token; or set {_PASSWORD}.",
)
@click.option(
    "--auth",
    type=click.Choice(("basic", "digest", "bearer")),
    help="How to authenticate.  [default: as the store asks]",
)
@click.option(
    "--graph", "names", multiple=True, metavar="NAME", help="Only this graph. Repeatable."
)
@click.option(
    "--all-vintages",
    is_flag=True,
    help="Superseded graphs, too, which a query has to name.",
)
@click.option(
    "--query-endpoint",
    "query",
    metavar="URL",
    help="Where the store answers queries, if it cannot be told from --to.",
)
@releases_option("--releases", "The folder of releases.")
@click.option("--release", "version", metavar="VERSION", help="This release, not the newest.")
@click.option(
    "--resume/--restart",
    default=True,
    help="Leave out the graphs that an earlier run sent, or send all.  [default: resume]",
)
@click.option(
    "--examples",
    is_flag=True,
    help="Then ask the store the example queries, and compare its answers with the release's.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be sent; change nothing.")
def command(
    url: str,
    method: str,
    user: str | None,
    password_file: Path | None,
    auth: str | None,
    names: tuple[str, ...],
    all_vintages: bool,
    query: str | None,
    releases: Path,
    version: str | None,
    resume: bool,
    examples: bool,
    dry_run: bool,
) -> None:
    """Load a release into a SPARQL 1.1 store, graph by graph, and verify it there.

    These are the graphs that a plain query meets. Where the store's default graph is the union of
    all, it must have no others: older vintages tell of the same cells.

    An interrupted run is resumed, within a large graph too, and graphs that the store has are not
    sent again. Afterwards the triples of each graph are counted in the store by their property, and
    a sample of them is read back and compared.
    """
    from kzgraph.engines import Credentials
    from kzgraph.publish import PublishError, RemoteStore, Target, compare, publish

    if examples and (dry_run or names):
        raise click.UsageError("--examples is about all graphs, once they are sent")
    _check_address("--to", url)
    if query:
        _check_address("--query-endpoint", query)
    secret = _password(password_file)
    target = Target.at(url, method, query)
    release = _release(releases, version)
    who = _credentials_fault(user, secret, auth)
    if who:
        raise click.UsageError(who)
    credentials = Credentials(url, user or "", secret, auth) if secret else None
    if credentials and _is_unencrypted(target):
        click.echo("note: the connection is not encrypted; others can read what is sent", err=True)
    try:
        with progress("Publishing") as step, RemoteStore(credentials, secret, note=step) as store:
            if dry_run:
                outcome = compare(release, target, store, releases, names, resume, all_vintages)
            else:
                outcome = publish(
                    release, target, store, releases, names, resume, step, all_vintages
                )
            answers: list[ExampleAnswer] = []
            if examples and not (outcome.faults or outcome.strays or outcome.superseded):
                # Imported here: it brings the analysis of queries along.
                from kzgraph.publish.example_answers import ask_examples

                sent = [graph.name for graph in outcome.graphs]
                answers += ask_examples(release, target.query, store, sent, step)
    except PublishError as error:
        raise CannotGoOn(f"Error: {error}") from None
    _print(release, outcome, dry_run)
    _print_answers(answers)


def _check_address(option: str, url: str) -> None:
    from kzgraph.engines import find_address_fault

    fault = find_address_fault(url)
    if fault:
        # The address itself is not repeated: it may hold a password.
        raise click.BadParameter(fault, param_hint=option)


def _password(file: Path | None) -> str:
    try:
        text = file.read_text("utf-8") if file else os.environ.get(_PASSWORD, "")
    except UnicodeDecodeError:
        raise CannotGoOn(f"Error: {file}: not UTF-8") from None
    secret = text.rstrip("\r\n")
    if file and not secret:
        raise CannotGoOn(f"Error: {file}: the file has no password")
    return secret


def _credentials_fault(user: str | None, secret: str, auth: str | None) -> str | None:
    if (user or auth) and not secret:
        return f"the password is missing: give --password-file, or set {_PASSWORD}"
    if secret and not user and auth != "bearer":
        return "the password has no user: give --user, or --auth bearer for a token"
    return None


def _is_unencrypted(target: "Target") -> bool:
    import httpx

    parsed = httpx.URL(target.url)
    return parsed.scheme == "http" and parsed.host not in ("localhost", "127.0.0.1", "::1")


def _release(releases: Path, version: str | None) -> "Release":
    from kzgraph.release import Release, describe_kept, find_current

    if version is None:
        return find_current(releases)
    folders = {path.name for path in releases.iterdir()} if releases.is_dir() else set()
    if version not in folders or version.startswith("."):
        raise CannotGoOn(f"Error: no release {version} in {releases}{describe_kept(releases)}")
    return Release(releases / version)


def _print(release: "Release", outcome: "Outcome", dry_run: bool) -> None:
    shown = table("Graph", "Triples", *(("In the store",) if dry_run else ()), "")
    for column in shown.columns[1:-1]:
        column.justify = "right"
    for graph in outcome.graphs:
        done = ("would be sent" if dry_run else "sent") if graph.sent else "sent before"
        done += " again" if graph.lost else ""
        done += f", {graph.arrived} triples before" if graph.arrived else ""
        done += ", superseded" if graph.superseded else ""
        there = (str(graph.there),) if dry_run else ()
        shown.add_row(graph.name, str(graph.triples), *there, done)
    lines = [f"Not as it was sent before: {graph.lost}" for graph in outcome.graphs if graph.lost]
    if outcome.others:
        lines.append(f"The store also has other graphs: {outcome.others}")
    if any(graph.superseded for graph in outcome.graphs):
        lines.append(
            "Superseded graphs count again what the current ones say: name the graphs of a query "
            "in the store (FROM), unless its default graph has the current ones alone"
        )
    if outcome.left_out:
        lines.append(
            f"Left out are superseded graphs, so that the store does not compare vintages: "
            f"{', '.join(outcome.left_out)}; --all-vintages sends them"
        )
    if not (dry_run or outcome.faults or outcome.strays or outcome.superseded):
        # Of what was asked for by --graph no more is known.
        whole = {graph.name for graph in outcome.graphs} >= {*release.manifest["counts"]["graphs"]}
        what = "Release" if whole else "What was asked for of release"
        lines.append(f"{what} {release.version} is published and verified")
    show(shown, *lines)
    errors = [f"Error: {fault}" for fault in outcome.faults]
    if errors:
        errors.append("The store differs from the release; run the command again")
    errors += [
        f"Error: <{iri}> is in the store but not in the release; drop it there"
        for iri in outcome.strays
    ]
    errors += [
        f"Error: <{iri}> is in the store, and superseded in the release; drop it there, or publish "
        "with --all-vintages"
        for iri in outcome.superseded
    ]
    if errors:
        raise CannotGoOn("\n".join(errors))


def _print_answers(answers: "Sequence[ExampleAnswer]") -> None:
    if not answers:
        return
    counts = Counter(answer.verdict for answer in answers)
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    show(f"Example queries, by how the store answers: {told}")
    lines = [
        f"{answer.number} ({answer.title}) is {answer.verdict}: {answer.detail}"
        for answer in answers
        if answer.verdict != "same"
    ]
    if counts["different"] or counts["refused"]:
        raise CannotGoOn("\n".join(f"Error: example {line}" for line in lines))
    for line in lines:
        note(f"example {line}")
