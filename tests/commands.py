"""Running `kzgraph` as a process, and spoiling the tables that it reads."""

import os
import subprocess
import sys
from pathlib import Path

KZGRAPH = (sys.executable, "-m", "kzgraph")


def run(
    *arguments: str | Path, cwd: Path | None = None, stdin: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    """`kzgraph ARGUMENTS` under no settings but `variables`."""
    environment = {key: value for key, value in os.environ.items() if key[:8] != "KZGRAPH_"}
    return subprocess.run(
        [*KZGRAPH, *map(str, arguments)],
        cwd=cwd,
        env={**environment, **variables},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=300,
    )


def edit(path: Path, old: str, new: str) -> None:
    """Replace the one place of `old` in a file."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), "utf-8", newline="")
