"""What a benchmark ran on, and the tables that it prints."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

from rich.table import Table


def description() -> str:
    """Processor, memory, load and versions, in lines."""
    packages = ("kzgraph", "pyoxigraph", "oxigraph", "granian")
    return "\n".join(
        (
            f"{os.cpu_count()} x {_first('/proc/cpuinfo', 'model name')}, "
            f"{int(_first('/proc/meminfo', 'MemTotal').split()[0]) // 1024} MiB",
            f"{platform.system()} {platform.release().partition('-')[0]}, "
            f"Python {platform.python_version()}, "
            + ", ".join(f"{name} {version(name)}" for name in packages),
            f"Load of the minute before: {os.getloadavg()[0]:.2f}",
        )
    )


def make_table(title: str, *columns: str) -> Table:
    """A table of numbers without rows."""
    shown = Table("", box=None, header_style="bold", title=f"\n{title}", title_justify="left")
    for column in columns:
        shown.add_column(column, justify="right")
    return shown


def _first(path: str, name: str) -> str:
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if line.startswith(name):
            return line.partition(":")[2].strip()
    return "unknown"
