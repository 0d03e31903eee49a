"""Each example query that computes groups, asked both ways."""

from collections import Counter
from pathlib import Path

from pyoxigraph import Store

from column_comparison import ask_columns, ask_store
from kzgraph.columns.column_answers import Columns
from kzgraph.columns.column_file import COLUMNS
from kzgraph.example_queries import read_examples
from kzgraph.prefixes import PREDECLARED
from kzgraph.release.integrity import STORE
from kzgraph.sparql.analysis import analyse_whole
from kzgraph.sparql.grouping import is_aggregated
from kzgraph.sparql.tree import Select

#: What the store answers, and why.
LEFT = {"006": "SAMPLE"}


def test_columns_answer_the_example_queries_as_the_store_does(shipped_root: Path) -> None:
    release = shipped_root / "current"
    store, columns = Store.read_only(str(release / STORE)), Columns(release / COLUMNS, 256)
    answered, left = 0, {}
    for example in read_examples():
        name, text = example.number, example.query
        if example.endpoints:
            continue
        analysis = analyse_whole(text, PREDECLARED.keys(), 100)
        assert analysis.query is not None
        if not any(map(is_aggregated, analysis.query.find(Select))):
            continue
        got, expected = ask_columns(columns, text), ask_store(store, text)
        if got is None:
            left[name] = columns.explain(analysis)
            continue
        answered += 1
        assert got.names == expected.names
        assert Counter(got.rows) == Counter(expected.rows), name
        # Rows that the query does not order may come in either order.
        keys = [key.expression.tokens[-1].text.strip("?)") for key in analysis.query.keys]
        at = [got.names.index(key) for key in keys if key in got.names]
        assert [[row[i] for i in at] for row in got.rows] == [
            [row[i] for i in at] for row in expected.rows
        ], name
    assert left == LEFT
    assert answered > 20
