"""The limits of `/reconcile`, which docs/reconciling.md lists."""

#: The address.
RECONCILE = "/reconcile"
#: Bytes of a body: a batch of long names in Cyrillic, percent-encoded, with some columns each.
MOST_BYTES = 400_000
#: Queries of a batch: what the manifest says (section 3.1, batchSize).
MOST_QUERIES = 50
#: Characters of a text that is to be matched: no name has more, so nothing is called like it.
MOST_TEXT = 300
#: Constraints of a query, and values of one.
MOST_CONSTRAINTS, MOST_VALUES = 10, 20
#: Things whose values are asked for at once, and properties.
MOST_IDS, MOST_PROPERTIES = 500, 20
#: Seconds for a batch, and for one query of it.
SECONDS, SECONDS_OF_QUERY = 10.0, 1.0
#: Suggestions in an answer; `cursor` has the following ones, up to what can be turned to.
SUGGESTED, MOST_SUGGESTED = 10, 300
#: Properties that may be asked for: more than there are.
MOST_PROPOSED = 1_000
