"""The one error of shapes: what this engine does not support is named, never skipped."""


class ShapesRefused(ValueError):
    """Shapes that are not well-formed, or that use a part of SHACL that this engine lacks.

    The message names the shape and the part. Every such part is in `docs/shacl.md`.
    """

    def __init__(self, message: str, *, located: bool = False) -> None:
        super().__init__(message)
        self._located = located

    def at(self, node: object) -> "ShapesRefused":
        """The same error with the shape it is about, unless one inside it is named already."""
        return self if self._located else ShapesRefused(f"{node}: {self}", located=True)
