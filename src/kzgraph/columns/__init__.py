"""Aggregates over columns: what a triple store is slow at, answered from tables of a release.

The build writes the quads that a plain query meets once more, as one table a property
(`column_file` has their form). A query that groups and sums is compiled to SQL over them where its
answer is proved to be that of the store; every other goes to the store.
"""
