"""Tables on standard output, progress on standard error."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from kzgraph.faults import Fault

if TYPE_CHECKING:
    from kzgraph.validation import Result

#: Control characters, and those that turn the direction of what follows.
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

#: Called with the name of each step.
Step = Callable[[str], None]


def show(*parts: Table | str) -> None:
    """Print tables and lines on standard output.

    In a pipe or a file, cells are not truncated, wrapped or padded at the end.
    """
    out = Console(highlight=False, emoji=False, markup=False)
    if out.is_terminal:
        out.print(*parts, sep="\n")
        return
    plain = Console(highlight=False, emoji=False, markup=False, width=10_000)
    with plain.capture() as captured:
        plain.print(*parts, sep="\n")
    for line in captured.get().splitlines():
        click.echo(line.rstrip())


@contextmanager
def progress(first: str) -> Iterator[Step]:
    """On a terminal, show the running step and its elapsed time; elsewhere nothing.

    Args:
        first: the name of the first step.
    """
    errors = Console(stderr=True, highlight=False)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task(first, total=None)
        yield lambda step: bar.update(task, description=step)


def warn(fault: Fault) -> None:
    """Print a warning on standard error."""
    click.echo(f"Warning: {fault}", err=True)


def note(text: str) -> None:
    """Print a remark on standard error."""
    click.echo(visible(text), err=True)


def describe_result(result: "Result") -> str:
    """A result of a validation in one line: focus node, path, and what to do."""
    from kzgraph.validation import property_paths

    path = property_paths.text(result.path) if result.path else ""
    focus = getattr(result.focus, "value", "")
    return f"{' '.join(filter(None, (focus, path)))}: {' '.join(result.message.split())}"


def visible(text: str) -> str:
    r"""`text` without what makes a terminal act: control characters but for tabs and line ends.

    >>> visible("\x1b[31mred")
    '\ufffd[31mred'
    """
    return _ACTING.sub("\ufffd", text)


def table(*columns: str) -> Table:
    """An empty table in the project's style; numbers are aligned by the caller."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made
