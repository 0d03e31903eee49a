"""The prefixes of the project: one list for dumps, queries and pages."""

import json
from types import MappingProxyType

from kzgraph.resources import folder

#: Prefix to namespace, in alphabetical order of the prefix.
PREFIXES = MappingProxyType(
    dict(sorted(json.loads((folder("ontology") / "prefixes.json").read_text("utf-8")).items()))
)
