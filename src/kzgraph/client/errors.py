"""What those who use the graph from Python, or from the command line, may have to catch."""


class QueryRefused(ValueError):
    """The query cannot be run as it stands; the message says where and why."""


class QueryTimeout(Exception):
    """The query took longer than it may."""


class EndpointError(Exception):
    """The endpoint could not be reached, or gave something other than a SPARQL result."""


class NoRelease(LookupError):
    """There is no release where one is looked for."""


class ReadOnlyError(TypeError):
    """A release never changes: what would add to it or take from it is refused."""
