"""Tables of the graph without SPARQL: each a query of the project with filters.

The server answers them at `/tables/`, and the Python client asks the same queries, so that a
spreadsheet and a data frame agree. What later lies behind an address may be a file: the names of
tables, columns and filters stay.
"""
