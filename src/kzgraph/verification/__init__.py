"""Checking the tables against the source texts: is each fact there, and is all of the text used.

The texts are not part of the project. Anyone who has them can repeat the check that every span of
evidence, every figure and every hedge is where the tables say.
"""

from kzgraph.verification.documents import DocumentReport, check_evidence, verify
from kzgraph.verification.sentences import show_in_sentences
from kzgraph.verification.tokens import Token

__all__ = ["DocumentReport", "Token", "check_evidence", "show_in_sentences", "verify"]
