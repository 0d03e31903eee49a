"""Sending cases to a server and judging what comes back."""

import json
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from conformance import RawReply, Wire
from fuzzing import Case

#: Statuses that a request may be answered with, 501 for a transfer coding that is not known. No
#: other of the 500s: those are faults.
_REFUSALS = {501, 503, 504, 505}
#: What would tell of the inside of the server.
_INSIDE = (b"Traceback", b"site-packages", b"kzgraph_server/", b'File "')


class Fault(AssertionError):
    """A case that was answered as none may be."""


@dataclass
class Tally:
    """What was sent and what came back.

    Attributes:
        sent: the number of cases.
        statuses: responses by status.
        broken: answers that broke off, as one does at its deadline.
    """

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    broken: int = 0

    def add(self, other: "Tally") -> None:
        """Add the numbers of another."""
        self.sent += other.sent
        self.statuses += other.statuses
        self.broken += other.broken


def judge(reply: RawReply) -> None:
    """Hold a response against what holds for every one.

    Raises:
        Fault: it says or shows that the server failed.
    """
    if not 200 <= reply.status < 500 and reply.status not in _REFUSALS:
        raise Fault(f"status {reply.status}")
    # A refusal of the server that takes requests apart has no body.
    if reply.body and "x-content-type-options" not in reply.fields:
        raise Fault("a body without the fields that guard it")
    if reply.status >= 400:
        found = next((each for each in _INSIDE if each in reply.body), None)
        if found is not None:
            raise Fault(f"a refusal that shows the inside: {found!r}")
        if not reply.complete:
            raise Fault("a refusal that breaks off")
        is_problem = reply.fields.get("content-type") == "application/problem+json"
        if is_problem and reply.body and json.loads(reply.body)["status"] != reply.status:
            raise Fault("a problem that states another status")


def run(
    connect: Callable[[], socket.socket], cases: Iterator[Case], count: int, tally: Tally
) -> None:
    """Send `count` cases and judge what comes back.

    Raises:
        Fault: for the first case that was answered wrongly, with the case in it.
    """
    wire: Wire | None = None
    for case in (next(cases) for _ in range(count)):
        try:
            if case.framed:
                if wire is None or wire.closed:
                    wire = Wire(connect())
                wire = _sent(wire, connect, case, tally)
            else:
                _sent_alone(connect(), case, tally)
        except (AssertionError, OSError, ValueError) as error:
            raise Fault(f"{error!r}\n  at case {tally.sent}: {case.described()}") from error
        tally.sent += 1
    if wire is not None:
        wire.connection.close()


def _sent(wire: Wire, connect: Callable[[], socket.socket], case: Case, tally: Tally) -> Wire:
    """Send over a connection that is kept; gives the one to go on with."""
    wire.send(case.data)
    reply = wire.reply(head_only=case.head)
    if reply is None:
        # A server may close an idle connection at any time; a new one it has to answer.
        wire = Wire(connect())
        wire.send(case.data)
        reply = wire.reply(head_only=case.head)
    if reply is None:
        raise Fault("no answer")
    _count(reply, tally)
    if not reply.complete or reply.fields.get("connection") == "close":
        wire.connection.close()
        wire.closed = True
    return wire


def _sent_alone(connection: socket.socket, case: Case, tally: Tally) -> None:
    """Send what may be any number of requests, and read to the end of the connection."""
    # Which of several responses answers a HEAD cannot be told: then the first is judged, unread.
    heads = b"HEAD" in case.data
    with Wire(connection) as wire:
        wire.send(case.data)
        with suppress(OSError):
            connection.shutdown(socket.SHUT_WR)
        while (reply := wire.reply(head_only=heads)) is not None:
            _count(reply, tally)
            if heads or not reply.complete:
                return


def _count(reply: RawReply, tally: Tally) -> None:
    judge(reply)
    tally.statuses[reply.status] += 1
    tally.broken += not reply.complete
