"""Static analysis of a query, before an engine sees it.

pyoxigraph offers no parsed form of a query. Its parser does not ask for a space behind a keyword
(`SERVICEex:s {...}` and `service:s {...}` call a service where `ex:` or `:` is declared), so the
checks here are stricter than the grammar: what could be read as SERVICE is refused.

Most queries hold nothing that any of this is about, which a search for some words shows: that is
the thin path (`is_thin`). Whatever is refused, rewritten or reported here names the words without
which it does not occur, so that both paths say the same of a query.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kzgraph.settings import MAX_QUERY_OPERATIONS
from kzgraph.sparql import rewriting
from kzgraph.sparql.cursor import Unreadable
from kzgraph.sparql.lexer import Kind, LexicalError, Token, decode_codepoints, tokens
from kzgraph.sparql.parser import FORMS, parse
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.tree import Select
from kzgraph.sparql.volatile import FUNCTIONS, find_volatile

_UPDATES = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
)
#: The words that a prologue has, and how many tokens follow each.
_DECLARATIONS = {"PREFIX": 2, "BASE": 1, "VERSION": 1}
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
_SERVICE = re.compile("service", re.IGNORECASE | re.ASCII)
#: Signs that nest the parser's calls: by themselves, and in a row.
_BRACKETS = "({["
_PREFIX_SIGNS = "!-+^<"
#: What makes a chain of calls: each operator, each bracket that opens, each end of a triple.
_OPERATIONS = frozenset({"+", "-", "*", "/", "&&", "||", "|", "(", "{", ".", ";"})
#: The words that the checks of this module are about.
_OWN_WORDS = frozenset({"service", "lateral", "from", "\\"})
#: In small letters: the sign `?` of a path, which no name follows; the sign `|`, which stands
#: alone; a number that may be too long; and aggregates, which are in words such as "country", too.
#: One by one, and the character first: what begins with one is found fast.
_SIGNS = (
    re.compile(r"\?(?![a-z0-9_\u0080-\U0010ffff])"),
    re.compile(r"\|(?<!\|\|)(?!\|)"),
    re.compile(r"[0-9]{19}"),
    *(
        re.compile(rf"{name}(?<![a-z0-9_:?$]{name})(?![a-z0-9_])")
        for name in ("count", "sum", "avg", "sample")
    ),
)
#: Without any of these, in small letters, a query is thin.
WORDS = tuple(
    sorted(_OWN_WORDS | rewriting.WORDS | {name.lower() for name in FUNCTIONS} - {"struuid"})
)


def is_thin(text: str, max_nesting: int) -> bool:
    """Whether nothing in the query `text` can be refused or rewritten, or makes it volatile."""
    if sum(map(text.count, _BRACKETS)) >= max_nesting:
        return False
    small = text.lower()
    # Loops: as generators the two take twice as long, and every query goes through them.
    for sign in _PREFIX_SIGNS:
        if text.count(sign) >= max_nesting:
            return False
    for word in WORDS:
        if word in small:
            return False
    if "describe" in small and "{" in small:
        return False
    if len(text) > MAX_QUERY_OPERATIONS and _may_chain(small):
        return False
    return not any(sign.search(small) for sign in _SIGNS)


def _may_chain(small: str) -> bool:
    """Whether a query, in small letters, may have too many operations.

    Other signs than these are few where it is thin.
    """
    if "describe" in small:
        return True
    signs = ("-", "/", "&&", "||", ".", ";", ",", "values")
    return sum(map(small.count, signs)) >= MAX_QUERY_OPERATIONS // 2


@dataclass(frozen=True)
class Analysis:
    """The analysis of a query.

    Attributes:
        text: the query; characters that it gives by their number are written out.
        thin: whether a search for words was enough; then the store takes the text as it is, its
            data set is the default one, and the attributes below are not set.
        tokens: of the whole text.
        start: the index of the first token behind the prologue.
        form: SELECT, ASK, CONSTRUCT or DESCRIBE; None where the query names none.
        volatile: whether asking again may give another answer.
        query: the tree; None where the text is not a query, and the store's parser knows better.
        misfit: then, the first token that fits nowhere; None for the end of the text.
        undeclared: the first prefixed name whose prefix nothing declares.
        needed: the prefixes that the query uses without declaring them.
        relative: whether it has, or makes, IRIs that a base is needed for.
    """

    text: str
    thin: bool = False
    tokens: Sequence[Token] = ()
    start: int = 0
    form: str | None = None
    volatile: bool = False
    query: Select | None = None
    misfit: Token | None = None
    undeclared: Token | None = None
    needed: frozenset[str] = field(default_factory=frozenset)
    relative: bool = False

    @property
    def prologue(self) -> str:
        """The declarations that the query begins with."""
        return self.text[: self.tokens[self.start].start] if self.start < len(self.tokens) else ""

    @property
    def datasets(self) -> Sequence[tuple[bool, Token]]:
        """Whether NAMED, and the name, of each FROM."""
        return self.query.datasets if self.query is not None else ()

    @property
    def columns(self) -> Sequence[str] | None:
        """The columns of `SELECT *`, in the order in which the query names them."""
        star = self.query.star if self.query is not None else None
        return star.names if star is not None else None

    def rewrite(self, store: rewriting.Store) -> str:
        """The query rewritten so that the store answers correctly.

        Raises:
            Refusal: it cannot be rewritten.
        """
        if self.query is None:
            return self.text
        return rewriting.rewrite(self.text, self.query, store)


def analyse(text: str, prefixes: Collection[str], max_nesting: int) -> Analysis:
    """Analyse the query `text`.

    Args:
        text: the query.
        prefixes: the prefixes that are declared beforehand.
        max_nesting: how deep brackets and signs may nest.

    Raises:
        Refusal: it cannot be split into tokens, is an update, calls a service, nests too deep for
            the parser, or has what is not SPARQL 1.1.
    """
    if is_thin(text, max_nesting):
        return Analysis(text, thin=True)
    return analyse_whole(text, prefixes, max_nesting)


def analyse_whole(
    text: str, prefixes: Collection[str], max_nesting: int, services: bool = False
) -> Analysis:
    """Analyse the query `text` token by token, without the thin path.

    Args:
        text: the query.
        prefixes: the prefixes that are declared beforehand.
        max_nesting: how deep brackets and signs may nest.
        services: whether SERVICE is accepted.

    Raises:
        Refusal: see `analyse`.
    """
    try:
        text = decode_codepoints(text)
        every = list(_check_nesting(tokens(text), max_nesting))
    except LexicalError as error:
        raise Refusal(str(error), error.start) from None
    start, declared = read_prologue(every)
    body = every[start:]
    head = body[0] if body else None
    form = head.text.upper() if head is not None and head.kind is Kind.WORD else None
    if form == "DESCRIBE":
        _check_described(body)
    if head is not None and form in _UPDATES:
        raise Refusal("This endpoint is read-only: SPARQL Update is not accepted", head.start)
    if not services and _SERVICE.search(text) is not None:
        _check_services(body)
    used = {token.text.partition(":")[0]: token for token in reversed(body)
            if token.kind is Kind.NAME}  # fmt: skip
    query, misfit = None, None
    try:
        query = parse(every, start)
    except Unreadable as error:
        misfit = every[error.index] if error.index < len(every) else None
    except RecursionError:
        raise Refusal("The query nests too deep", body[0].start) from None
    if misfit is not None and misfit.kind is Kind.WORD and misfit.text.upper() == "LATERAL":
        raise Refusal("LATERAL is not SPARQL 1.1: use a subquery or OPTIONAL", misfit.start)
    undeclared = min(
        (token for name, token in used.items() if name not in declared and name not in prefixes),
        key=lambda token: token.start,
        default=None,
    )
    return Analysis(
        text=text,
        tokens=every,
        start=start,
        form=form if form in FORMS else None,
        volatile=find_volatile(body) is not None,
        query=query,
        misfit=misfit,
        undeclared=undeclared,
        needed=frozenset(name for name in used if name not in declared and name in prefixes),
        relative=any(map(_needs_base, every)),
    )


def _needs_base(token: Token) -> bool:
    if token.kind is Kind.IRI:
        return not _ABSOLUTE.match(token.text)
    return token.kind is Kind.WORD and token.text.upper() in ("IRI", "URI")


def read_prologue(every: Sequence[Token]) -> tuple[int, Mapping[str, Token]]:
    """Where the PREFIX, BASE and VERSION declarations end, and each prefix with its IRI's token."""
    declared: dict[str, Token] = {}
    position = 0
    while position < len(every) and every[position].kind is Kind.WORD:
        word = every[position].text.upper()
        if word not in _DECLARATIONS:
            break
        if word == "PREFIX" and position + 2 < len(every):
            declared[every[position + 1].text.removesuffix(":")] = every[position + 2]
        position += 1 + _DECLARATIONS[word]
    return min(position, len(every)), declared


def _check_services(body: Sequence[Token]) -> None:
    depth = 0
    for index, token in enumerate(body):
        if token.kind is Kind.SIGN:
            depth += (token.text == "{") - (token.text == "}")
        elif _calls_service(body, index, depth):
            raise Refusal(
                "SERVICE is not accepted: this endpoint queries no other one", token.start
            )


def _calls_service(body: Sequence[Token], index: int, depth: int) -> bool:
    """Whether the token at `index` is, or can be read as, the keyword SERVICE.

    A service is called inside a group only. A prefixed name is suspicious where a group follows
    it, unless GRAPH stands before it: nowhere else does the grammar have a name before a group.
    """
    token = body[index]
    if token.kind not in (Kind.WORD, Kind.NAME) or not _SERVICE.search(token.text):
        return False
    if token.kind is Kind.WORD:
        return True
    following = [each.text for each in body[index + 1 : index + 3]]
    # `{|` opens an annotation of the triple before it, not a group.
    opens = following[:1] == ["{"] and following[1:] != ["|"]
    return opens and depth > 0 and body[index - 1].text.upper() != "GRAPH"


def _check_described(body: Sequence[Token]) -> None:
    for count, token in enumerate(body):
        if token.kind not in (Kind.IRI, Kind.NAME, Kind.VARIABLE) and count:
            return
        if count > MAX_QUERY_OPERATIONS:
            raise Refusal(
                f"A DESCRIBE takes {MAX_QUERY_OPERATIONS:,} terms, and this is one more: ask in "
                "parts, or for a variable with VALUES",
                token.start,
            )


def _check_nesting(found: Iterable[Token], limit: int) -> Iterator[Token]:
    """`found`, up to what overflows the stack of the store's parser, which ends the process."""
    run = operations = 0
    opened: list[str] = []
    in_values = False
    for token in found:
        if token.kind is not Kind.SIGN:
            run = 0
            if token.kind is Kind.WORD and token.text.upper() == "VALUES":
                in_values = True
                operations += 1
        else:
            if token.text in _BRACKETS:
                opened.append(token.text)
            elif token.text in ")}]":
                del opened[-1:]
                in_values = in_values and token.text != "}"
            run = run + 1 if token.text in _PREFIX_SIGNS else 0
            if max(len(opened), run) > limit:
                raise Refusal(f"The query nests deeper than {limit} levels from here", token.start)
            if not in_values:
                # A comma between arguments is none: such lists are no chains.
                counts = token.text in _OPERATIONS or (token.text == "," and opened[-1:] != ["("])
                operations += counts
            if operations > MAX_QUERY_OPERATIONS:
                raise Refusal(
                    f"The query has more than {MAX_QUERY_OPERATIONS:,} operators, brackets and "
                    "triples up to here: put alternatives into VALUES or IN, or ask in parts",
                    token.start,
                )
        yield token
