"""Errors of publishing."""


class PublishError(Exception):
    """The release could not be published; the message is one line, without secrets."""


class Unanswered(PublishError):
    """The store could not be reached, broke off or was busy, in every attempt."""


class Refused(PublishError):
    """The store refused the request.

    Attributes:
        status: the HTTP status code.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status
