"""Exceptions of the Python client and of the query command."""


class QueryRefused(ValueError):
    """The query was refused; the message says where and why."""


class QueryTimeout(Exception):
    """The query timed out."""


class EndpointError(Exception):
    """The endpoint could not be reached, or its answer is not a SPARQL result."""


class NoRelease(LookupError):
    """There is no release at the given path."""


class ReadOnlyError(TypeError):
    """A release is read-only: changes to it are refused."""
