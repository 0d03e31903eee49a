"""What the command line says when it cannot go on, and the code it ends with."""

from kzgraph.faults import TableFaults

#: Exit codes: faults were found or the work could not be done; the command was used wrongly.
FOUND_FAULTS = 1
WRONG_USAGE = 2


class CannotGoOn(Exception):
    """Ends the command with a line on standard error and an exit code."""

    def __init__(self, message: str, code: int = FOUND_FAULTS) -> None:
        super().__init__(message)
        self.code = code


def describe(error: Exception) -> str | None:
    """What to tell the user about `error`; None where it is a fault of the program itself.

    Faults in tables take a line each: file, line, column, what is wrong, what would be right.
    """
    if isinstance(error, TableFaults):
        return str(error)
    # Imported here: the store comes with it, and a command that failed earlier has no need of it.
    from kzgraph.rdf.content import ContentFaults
    from kzgraph.release.errors import ReleaseError
    from kzgraph.validation.refusal import ShapesRefused

    if isinstance(error, ContentFaults | ReleaseError | ShapesRefused):
        return f"Error: {error}"
    if isinstance(error, OSError):
        what = error.strerror or str(error)
        return f"Error: {error.filename}: {what}" if error.filename else f"Error: {what}"
    return None
