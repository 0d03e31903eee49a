"""Error messages and exit codes of the command line."""

from kzgraph.faults import TableFaults

#: Exit codes: faults were found or the command failed; wrong usage.
FOUND_FAULTS = 1
WRONG_USAGE = 2


class CannotGoOn(Exception):
    """Ends the command with a line on standard error and an exit code."""

    def __init__(self, message: str, code: int = FOUND_FAULTS) -> None:
        super().__init__(message)
        self.code = code


def describe(error: Exception) -> str | None:
    """The message for `error`; None if it is a bug of the program itself.

    Faults in tables and sources take a line each: file, line, column, what is wrong, and what
    would be right.
    """
    if isinstance(error, TableFaults):
        return str(error)
    # Imported here: it imports the store, which a command that failed earlier does not need.
    from kzgraph.rdf.content import ContentFaults
    from kzgraph.release.errors import ReleaseError
    from kzgraph.sources import SourceError, SourceFaults
    from kzgraph.validation.errors import ShapesRefused

    if isinstance(error, SourceFaults):
        return str(error)
    if isinstance(error, ContentFaults | ReleaseError | ShapesRefused | SourceError):
        return f"Error: {error}"
    if isinstance(error, OSError):
        what = error.strerror or str(error)
        return f"Error: {error.filename}: {what}" if error.filename else f"Error: {what}"
    return None
