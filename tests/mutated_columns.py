"""`kzgraph.columns` imported with a fault in it, to see whether a comparison finds the fault."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType

import kzgraph.columns

PACKAGE = kzgraph.columns.__name__
_FOLDER = Path(kzgraph.columns.__path__[0])


@dataclass(frozen=True)
class Mutant:
    """A fault: in a module of the package, one text in place of another.

    Attributes:
        module: its name.
        old: the text.
        new: what stands there instead.
        about: a feature without which no query meets the fault, as far as that is known.
        soon: whether the first few such queries show it.
    """

    module: str
    old: str
    new: str
    about: str = ""
    soon: bool = False

    @property
    def name(self) -> str:
        return f"{self.module}: {' '.join(self.new.split())[:70]}"

    @property
    def places(self) -> int:
        """How often the text is in the module; anything but once is out of date."""
        return (_FOLDER / f"{self.module}.py").read_text("utf-8").count(self.old)


class _Loader(SourceFileLoader):
    """Loads a module with the fault in it, and keeps no compiled form of that."""

    def __init__(self, name: str, path: str, mutant: Mutant) -> None:
        super().__init__(name, path)
        self._mutant = mutant

    def get_data(self, path: str) -> bytes:
        return super().get_data(path).replace(self._mutant.old.encode(), self._mutant.new.encode())

    def path_stats(self, path: str) -> dict[str, float]:
        raise OSError("no compiled form")


class _Finder(MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != f"{PACKAGE}.{self._mutant.module}":
            return None
        spec = PathFinder.find_spec(fullname, path)
        if spec is not None and spec.origin is not None:
            spec.loader = _Loader(fullname, spec.origin, self._mutant)
        return spec


@contextmanager
def mutated(mutant: Mutant) -> Iterator[None]:
    """The package with a fault in it, for whoever imports it within."""
    kept = _take_out()
    finder = _Finder(mutant)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        _take_out()
        sys.modules.update(kept)
        kzgraph.columns = kept[PACKAGE]


def _take_out() -> dict[str, ModuleType]:
    names = [each for each in sys.modules if each == PACKAGE or each.startswith(f"{PACKAGE}.")]
    return {name: sys.modules.pop(name) for name in names}
