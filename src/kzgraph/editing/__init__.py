"""Tools of a data editor: draft rows for a document, spans for words in quotes, workbooks.

Workbooks are in `imports` and `template`, so that their library is loaded for them alone.
"""

from kzgraph.editing.annotation import Annotation, annotate
from kzgraph.editing.new_document import start_document
from kzgraph.editing.span_table import SpanTable, write_spans

__all__ = [
    "Annotation",
    "SpanTable",
    "annotate",
    "start_document",
    "write_spans",
]
