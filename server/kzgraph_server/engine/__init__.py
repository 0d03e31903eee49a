"""The query engine: what answers a query, apart from HTTP.

`LocalEngine` answers from a release through a pool of worker processes. A query cannot be stopped
inside a process, and can end one, so each runs in a process of its own for as long as it runs.
"""
