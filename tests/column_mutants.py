"""Faults that the comparison of columns with the store has to find, each of a module of columns."""

from mutated_columns import Mutant

_PATTERNS = [
    Mutant(
        "compiling",
        "columns[name] = replace(column, definite=False)",
        "columns[name] = column",
        about="OPTIONAL",
    ),
    Mutant(
        "compiling",
        'conditions.append(f"{columns[term.name].id} = {column.id}")',
        "pass",
        about="variable used again",
        soon=True,
    ),
    Mutant(
        "compiling",
        'on.append(f"{columns[name].id} = {column.id}")',
        "pass",
        about="OPTIONAL",
        soon=True,
    ),
    Mutant(
        "compiling",
        "both.append(each)",
        "pass",
        about="FILTER in OPTIONAL about outside",
        soon=True,
    ),
    Mutant("compiling", "' AND '.join(on) or", "' AND '.join(on[:1]) or", about="OPTIONAL"),
    Mutant("compiling", "AS o WHERE FALSE)", "AS o)", about="unknown property"),
    Mutant("compiling", "found.least is not None and found.least >= 0", "True", about="SUM"),
    Mutant(
        "compiling",
        'conditions.append(f"{column.id} = {self._parameters.term(term)}")',
        "pass",
        about="constant object",
        soon=True,
    ),
    Mutant("relations", "not (left.definite and right.definite)", "False", about="OPTIONAL"),
    Mutant(
        "compiling",
        "merge(columns[name], column)  # It stays",
        "columns[name] = merge(columns[name], column)  # It stays",
        about="variable shared by OPTIONAL",
    ),
    Mutant("relations", 'return whole if self.d is None else f"COALESCE', 'return f"COALESCE'),
    Mutant(
        "triples_reading",
        "Scan(end, iri, begin) if inverse",
        "Scan(begin, iri, end) if inverse",
        about="inverse path",
        soon=True,
    ),
    Mutant(
        "triples_reading",
        "in reversed(self.step())",
        "in self.step()",
        about="inverse of a sequence",
        soon=True,
    ),
]
_ALIGNED = [
    Mutant("file_facts", "found == (first.rows, 0)", "found is not None and found[1] == 0"),
    Mutant("file_facts", "found == (first.rows, 0)", "found is not None and found[0] > 0"),
    Mutant("file_facts", "found == (0,)", "True", about="MIN or MAX of other terms"),
    Mutant("compiling", "each.subject == subject", "True"),
]
_CONDITIONS = [
    Mutant(
        "conditions",
        '" OR " if operator == "||"',
        '" AND " if operator == "||"',
        about="||",
        soon=True,
    ),
    Mutant(
        "conditions",
        "self._part(arguments[0], True)})",
        "self._part(arguments[0], False)})",
        about="!",
    ),
    Mutant(
        "conditions",
        'f"({any_of})" if operator == "IN"',
        'f"({any_of})" if operator',
        about="IN",
        soon=True,
    ),
    Mutant(
        "conditions",
        "kind & ~PLAIN == 0 for kind in kinds",
        "True for kind in kinds",
        about="comparison of variables",
    ),
    Mutant("conditions", "if column.definite:", "if True:", about="condition for unbound"),
    Mutant(
        "conditions",
        "{table}.id IS NOT DISTINCT FROM",
        "{table}.id =",
        about="condition for unbound",
    ),
    Mutant(
        "conditions",
        'sign = "<>" if operator == "!=" else operator',
        'sign = operator.replace("!", "")',
        about="comparison of numbers",
    ),
    Mutant(
        "expression_reading",
        "(found, self.product())",
        "(found, self.addition())",
        about="arithmetic",
    ),
    Mutant(
        "expression_reading", "(found, self.relation())", "(found, self.disjunction())", about="&&"
    ),
    Mutant("arithmetic", "BETWEEN -9223372036854775808 AND", "BETWEEN -99 AND", about="arithmetic"),
    Mutant("term_tables", "asked.places, asked.kinds)", "asked.kinds)", about="other properties"),
]
_AGGREGATES = [
    Mutant("group_statements", "if i_count + d_count != rows:", "if i_count + d_count > rows:"),
    Mutant("group_statements", "_INTEGER_LIMIT = 2**63", "_INTEGER_LIMIT = 2**90", about="SUM"),
    Mutant(
        "group_statements",
        "-(-total // rows) if total < 0 else total // rows",
        "total // rows",
        about="AVG",
    ),
    Mutant(
        "group_statements",
        "-(-total // rows) if total < 0 else total // rows",
        "(2 * total + rows) // (2 * rows)",
        about="AVG",
    ),
    Mutant(
        "group_statements",
        "if cells.distinct != (None, None):",
        "if False:",
        about="DISTINCT in aggregate",
    ),
    Mutant("group_statements", "if whole == part:", "if False:", about="MIN"),
    Mutant(
        "group_statements",
        "_write_decimal(total) if d_count else",
        "_write_decimal(total) if total % 10**_DIGITS else",
        about="SUM",
    ),
    Mutant(
        "group_statements",
        "if column.definite and not distinct:",
        "if column.definite:",
        about="DISTINCT in aggregate",
    ),
    Mutant("group_statements", '(function == "MIN")', '(function == "MAX")', about="MIN"),
    Mutant("group_statements", 'f"sum({which}"', '"sum("', about="DISTINCT in aggregate"),
]
_PLANS = [
    Mutant("query_shapes", " and iri[1:-1] not in properties", "", about="other properties"),
    Mutant(
        "query_shapes",
        "sign if sign and begin <= token.start < end else text",
        "sign or text",
        about="HAVING",
    ),
    Mutant("query_shapes", 'sign = "\\0d"', 'sign = "\\0n"', about="comparison of numbers"),
    Mutant("numbered_terms", "bisect_right(self._samples, text) - 1", "0"),
    Mutant("numbered_terms", '"last": (part + 1) * _STEP', '"last": (part + 1) * _STEP // 2'),
]
_FILE = [
    Mutant("column_tables", 'DISTINCT="DISTINCT" if changed else ""', 'DISTINCT=""', soon=True),
    Mutant(
        "column_tables", "objects.id AS o, g FROM quads", "objects.id AS o FROM quads", soon=True
    ),
]

#: In the order of what they break: reading and compiling patterns, conditions, aggregates, keeping
#: plans and looking up terms, and the file.
MUTANTS = [*_PATTERNS, *_ALIGNED, *_CONDITIONS, *_AGGREGATES, *_PLANS, *_FILE]
