"""Tools of a data editor: words in quotes become spans of evidence."""

from kzgraph.editing.annotation import Annotation, annotate

__all__ = ["Annotation", "annotate"]
