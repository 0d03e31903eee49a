"""Whose figure is it: reading a claim, and finding what a release states of it.

A claim is a number or a sentence that somebody pasted. Rules read its number, place, time, group,
status and hedge in English, Russian and Kazakh (`claim_reading`); its figures are compared with
those of the release one dimension at a time (`comparing`); the answer is one of seven verdicts,
with the figures that bear on it (`verdicts`).
"""

from kzgraph.checking.checker import LONGEST, Checker
from kzgraph.checking.verdicts import (
    Answer,
    Dimension,
    Finding,
    NumberAnswer,
    Quantified,
    Read,
    Reason,
    Verdict,
)

__all__ = [
    "LONGEST",
    "Answer",
    "Checker",
    "Dimension",
    "Finding",
    "NumberAnswer",
    "Quantified",
    "Read",
    "Reason",
    "Verdict",
]
