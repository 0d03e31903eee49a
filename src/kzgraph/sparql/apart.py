"""Evaluating a query on a store on disk, in a process of its own.

The store's library cannot stop a query, and ends the process where it meets a fault of its own.
"""

import json
import os
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

from kzgraph.lifetime import end_with
from kzgraph.problem import Problem
from kzgraph.rdf.formats import N_TRIPLES, RESULTS_CSV, RESULTS_JSON
from kzgraph.settings import MAX_QUERY_NESTING
from kzgraph.sparql.dispatch import perform
from kzgraph.sparql.explanation import find_reasons
from kzgraph.sparql.job import TABLE_METADATA, Job
from kzgraph.sparql.superseded import open_vintages


def ask_apart(
    store: Path, text: str, timeout: float | None = None
) -> QuerySolutions | QueryBoolean | list[Triple]:
    """The answer of the store in the folder `store` to the query `text`.

    `kzgraph.sparql.superseded` has the data set of a query that names none. The project's prefixes
    need no declaration.

    Args:
        store: as `Store.read_only` opens it.
        text: a SPARQL 1.1 query.
        timeout: seconds; then the query is ended.

    Raises:
        Problem: 400, as the endpoint refuses the query; 500, the process ended without an answer,
            by a fault of the store or for want of memory.
        TimeoutError: `timeout` has passed.
    """
    kind, body = _run(store, text, timeout, "answer")
    if kind == b"graph":
        return [quad.triple for quad in parse(body, RdfFormat.N_TRIPLES)]
    return parse_query_results(body, QueryResultsFormat.JSON)


def explain_apart(store: Path, text: str, timeout: float | None = None) -> list[str]:
    """Why the query `text` has no solutions, as sentences; none where it has some.

    Raises:
        Problem, TimeoutError: see `ask_apart`.
    """
    reasons: list[str] = json.loads(_run(store, text, timeout, "explain")[1])
    return reasons


def describe_apart(
    store: Path, text: str, timeout: float | None = None, *, hxl: bool = False
) -> dict[str, Any]:
    """What the columns of the CSV of the query `text` mean; see `describe_table`.

    Args:
        store: see `ask_apart`; likewise the others.
        text: a SELECT.
        timeout: seconds.
        hxl: whether the table has HXL hashtags.

    Raises:
        Problem, TimeoutError: see `ask_apart`.
    """
    what = "describe-hxl" if hxl else "describe"
    described: dict[str, Any] = json.loads(_run(store, text, timeout, what)[1])
    return described


def _run(store: Path, text: str, timeout: float | None, what: str) -> tuple[bytes, bytes]:
    """The kind and the body of what `main` writes in a process of its own."""
    with subprocess.Popen(  # noqa: S603 - this very module
        [sys.executable, "-m", "kzgraph.sparql.apart", str(store), str(os.getpid()), what],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Ctrl-C goes to the parent process, which kills this one.
        start_new_session=True,
    ) as process:
        try:
            output, errors = process.communicate(text.encode("utf-8", "surrogatepass"), timeout)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"no answer within {timeout:g} s") from None
        finally:
            process.kill()
    kind, _, body = output.partition(b"\n")
    if kind == b"problem":
        raise Problem(400, json.loads(body))
    if process.returncode != 0 or not kind:
        last = errors.decode("utf-8", "replace").strip().rpartition("\n")[2]
        reason = last or f"the process ended with {process.returncode}"
        raise Problem(500, f"the store cannot answer this query: {reason}")
    return kind, body


def main(store: str, parent: str, what: str) -> None:
    """Answer the query on standard input, from the store in the folder `store`.

    Or do with it what `what` says: explain why it finds nothing, or describe its table.
    """
    end_with(int(parent))
    text = sys.stdin.buffer.read().decode("utf-8", "surrogatepass")
    job = Job(text, (), (), offers=(RESULTS_JSON.name, N_TRIPLES.name), timeout=0)
    try:
        opened, vintages = Store.read_only(store), open_vintages(Path(store))
        if what == "explain":
            found = find_reasons(job, opened, MAX_QUERY_NESTING, vintages)
            reasons = [each.message for each in found]
            sys.stdout.buffer.write(b"reasons\n" + json.dumps(reasons).encode("ascii"))
            return
        if what.startswith("describe"):
            offers = (TABLE_METADATA, RESULTS_CSV.name)
            job = replace(job, offers=offers, hxl=what == "describe-hxl")
        evaluated = perform(job, opened, MAX_QUERY_NESTING, vintages)
        output = BytesIO()
        evaluated.write(output)
        is_graph = evaluated.header.format == N_TRIPLES.name
        kind, body = b"graph" if is_graph else b"result", output.getvalue()
    except (Problem, ValueError, RuntimeError, OSError) as error:
        refused = isinstance(error, Problem)
        detail = str(error) if refused else f"The query cannot be evaluated: {error}."
        kind, body = b"problem", json.dumps(detail).encode("ascii")
    sys.stdout.buffer.write(kind + b"\n" + body)


if __name__ == "__main__":
    main(*sys.argv[1:])
