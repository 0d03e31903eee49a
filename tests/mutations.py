"""Ways to damage valid data, each with the shape that is meant to catch it.

They stand in `data/mutations/`, a line each: what was done, the local name of the shape, and the
steps, separated by ` | `. A subject is written by its path below `id/`, or by a name that
`names.txt` gives to one; `<...>` in a value likewise. The steps, separated by ` ;; `:

    add SUBJECT PROPERTY VALUE     one more value
    put SUBJECT PROPERTY VALUE     this value in place of the others
    take SUBJECT PROPERTY VALUE    this value away
    drop SUBJECT PROPERTY          all values away
    unlink PROPERTY OBJECT         everything that points to the object no longer does
    copy SUBJECT TWIN              a second thing with the properties of the first
    blank CLASS                    an instance without an IRI and without properties
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import Store

from kzgraph.iri import ID
from kzgraph.prefixes import PREFIXES

_FILES = Path(__file__).parent / "data" / "mutations"
_PREFIXES = dict(PREFIXES)
#: Each step and the SPARQL update that it stands for.
_STEPS = {
    "add": "INSERT DATA {{ <{0}> {1} {2} }}",
    "put": "DELETE WHERE {{ <{0}> {1} ?value }} ; INSERT DATA {{ <{0}> {1} {2} }}",
    "take": "DELETE DATA {{ <{0}> {1} {2} }}",
    "drop": "DELETE WHERE {{ <{0}> {1} ?value }}",
    "unlink": "DELETE WHERE {{ ?subject {0} <{1}> }}",
    "copy": "INSERT {{ <{1}> ?property ?value }} WHERE {{ <{0}> ?property ?value }}",
    "blank": "INSERT DATA {{ [] a {0} }}",
}


@dataclass(frozen=True)
class Mutation:
    """A damage: what was done, the local name of the shape meant for it, and a SPARQL update."""

    name: str
    shape: str
    update: str

    def apply(self, store: Store) -> None:
        """Damage the default graph of `store`."""
        store.update(self.update, base_iri=ID, prefixes=_PREFIXES)


@cache
def mutations() -> tuple[Mutation, ...]:
    """All mutations, in the order of their files."""
    return tuple(
        mutation_of(line)
        for file in sorted(_FILES.glob("*.txt"))
        if file.name != "names.txt"
        for line in _lines(file)
    )


def mutation_of(line: str) -> Mutation:
    """The mutation that a line describes."""
    name, shape, steps = line.split(" | ")
    updates = []
    for step in steps.split(" ;; "):
        verb, _, rest = step.partition(" ")
        # A value may hold spaces, so only as many parts are split off as the verb has.
        parts = rest.split(" ", maxsplit=2)
        updates.append(_STEPS[verb].format(*(_named(part) for part in parts)))
    return Mutation(name, shape, " ; ".join(updates))


def _named(part: str) -> str:
    """The part with the names of `names.txt` replaced, alone or between angle brackets."""
    if part in _names():
        return _names()[part]
    return re.sub(r"<(\w+)>", lambda found: f"<{_names().get(found[1], found[1])}>", part)


@cache
def _names() -> dict[str, str]:
    return dict(line.split(" = ") for line in _lines(_FILES / "names.txt"))


def _lines(file: Path) -> list[str]:
    lines = file.read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
