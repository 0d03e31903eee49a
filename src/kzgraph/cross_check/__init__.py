"""A release, compared with what other programs make of the same data.

The closure by owlrl, the shapes by pySHACL, the queries of the shapes and every dump by rdflib:
each written by others, and slower than what a build can wait for every time. They hold in memory
what they read, so of a release that is larger than they can take a part is compared, spread over
all of it, and each comparison says what it left out.
"""

from collections.abc import Callable, Iterator
from importlib.metadata import version

from kzgraph.cross_check.entailments import compare_entailments
from kzgraph.cross_check.outcome import Comparison, CrossCheck
from kzgraph.cross_check.readings import compare_dumps
from kzgraph.cross_check.samples import choose_samples, own_quads
from kzgraph.cross_check.shapes_check import compare_shapes
from kzgraph.release import CROSS_CHECK, Release

__all__ = ["Comparison", "CrossCheck", "cross_check"]


def cross_check(release: Release, progress: Callable[[str], None] | None = None) -> CrossCheck:
    """Compare a release, and write the report next to it.

    Args:
        release: on disk.
        progress: called with the name of each step.

    Raises:
        OSError: the release cannot be read, or the report not written.
    """
    found = CrossCheck(release.version, tuple(_compare(release, progress or (lambda _: None))))
    for path in release.path.parent.glob(f"*{CROSS_CHECK}"):
        if not path.with_name(path.name.removesuffix(CROSS_CHECK)).exists():
            path.unlink()  # Of a release that is gone.
    made = release.cross_check.with_suffix(".partial")
    made.write_text(found.to_json(), "utf-8")
    made.replace(release.cross_check)
    return found


def _compare(release: Release, step: Callable[[str], None]) -> Iterator[Comparison]:
    step("Reasoning with owlrl")
    yield compare_entailments(own_quads(release), version("owlrl"))
    for sample in choose_samples(release):
        step(f"Validating {sample.what} with pySHACL and rdflib")
        yield from compare_shapes(sample, version("pyshacl"), version("rdflib"))
    step("Reading the dumps with rdflib")
    yield from compare_dumps(release, version("rdflib"))
