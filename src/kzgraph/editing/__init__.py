"""Tools of a data editor: draft rows for a document, spans for words in quotes, workbooks."""

from kzgraph.editing.annotation import Annotation, annotate
from kzgraph.editing.imports import ImportedTable, import_workbook
from kzgraph.editing.new_document import start_document
from kzgraph.editing.span_table import SpanTable, write_spans
from kzgraph.editing.template import write_template

__all__ = [
    "Annotation",
    "ImportedTable",
    "SpanTable",
    "annotate",
    "import_workbook",
    "start_document",
    "write_spans",
    "write_template",
]
