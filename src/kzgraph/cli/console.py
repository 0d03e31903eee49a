"""Tables on standard output, progress on standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

#: Says which step begins.
Step = Callable[[str], None]


def console() -> Console:
    """Standard output; in a pipe or a file no line is cut or wrapped to a terminal's width."""
    out = Console(highlight=False, emoji=False, markup=False)
    return out if out.is_terminal else Console(
        highlight=False, emoji=False, markup=False, width=10_000
    )


@contextmanager
def progress(first: str) -> Iterator[Step]:
    """Show the step that runs and the time it has taken, on a terminal; elsewhere nothing.

    Args:
        first: what the first step is called.
    """
    errors = Console(stderr=True, highlight=False)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(
        *columns, console=errors, transient=True, disable=not errors.is_terminal
    ) as bar:
        task = bar.add_task(first, total=None)
        yield lambda step: bar.update(task, description=step)


def table(*columns: str, title: str | None = None) -> Table:
    """An empty table in the project's style; numbers are aligned by the caller."""
    made = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made
