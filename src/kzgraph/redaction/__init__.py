"""Taking a person out of the tables and of every kept release: docs/privacy.md says what for.

`plan` finds what would go, and changes nothing; `redact` takes it out.
"""

from kzgraph.redaction.mentions import Mentions
from kzgraph.redaction.plan import PersonUnknown, Plan, find_person, plan, redact

__all__ = ["Mentions", "PersonUnknown", "Plan", "find_person", "plan", "redact"]
