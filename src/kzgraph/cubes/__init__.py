"""Tables of the cubes of a release: a row for each observation, a column for each component.

They are made in DuckDB from the columns of the release (`kzgraph.columns`), so that no table is in
memory whole, and written as Parquet and as CSV. Cells of official tables that are zero or empty,
which the graph does not have, come from files beside the graphs of sources
(`kzgraph.sources.left_out`). What describes the tables is written by `kzgraph.release`.
"""
