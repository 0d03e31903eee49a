"""Tools of a data editor: words in quotes become spans, and a document becomes draft rows."""

from kzgraph.editing.annotation import Annotation, annotate
from kzgraph.editing.new_document import start_document

__all__ = ["Annotation", "annotate", "start_document"]
