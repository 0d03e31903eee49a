"""A cursor over the tokens of a query."""

from kzgraph.sparql.lexer import Kind, Token

CLOSING = {"(": ")", "{": "}", "[": "]"}


class Unreadable(ValueError):
    """The tokens are not a query.

    Attributes:
        index: of the first token that fits nowhere; the number of tokens at their end.
    """

    def __init__(self, index: int) -> None:
        super().__init__("the query cannot be read")
        self.index = index


class Cursor:
    """Reads tokens one by one.

    Attributes:
        tokens: what is read.
        at: the index of the token that is next.
    """

    def __init__(self, tokens: list[Token], start: int) -> None:
        self.tokens = tokens
        self.at = start

    def follows(self, sign: str) -> bool:
        """Whether the token after the one here is `sign`."""
        return self.at + 1 < len(self.tokens) and self.tokens[self.at + 1].text == sign

    def skip_bracket(self) -> None:
        """Skip to after the bracket that closes the one here."""
        expected = []
        while True:
            text = self.text()
            if text in CLOSING:
                expected.append(CLOSING[text])
            elif text in (")", "}", "]"):
                self.require(expected.pop() == text)  # the first opens, so there is one
            self.take()
            if not expected:
                return

    def take(self) -> Token:
        """The token here; the next one is here then."""
        self.require(self.at < len(self.tokens))
        self.at += 1
        return self.tokens[self.at - 1]

    def variable(self) -> str:
        """The name of the variable here."""
        self.require(self.kind() is Kind.VARIABLE)
        return self.take().text[1:]

    def require(self, holds: bool) -> None:
        """Stop here, where no query has what does not hold."""
        if not holds:
            raise Unreadable(self.at)

    def expect(self, text: str) -> None:
        """Consume a sign, or a word in capitals."""
        self.require(self.accept(text))

    def accept(self, *texts: str) -> bool:
        """Whether one of these signs, or words in capitals, is here; it is consumed then."""
        found = self.here() in texts
        self.at += found
        return found

    def here(self) -> str:
        """The sign here, or the word in capitals; empty for another token or the end."""
        if self.at >= len(self.tokens):
            return ""
        kind, text, _ = self.tokens[self.at]
        return text if kind is Kind.SIGN else text.upper() if kind is Kind.WORD else ""

    def kind(self) -> Kind | None:
        """The kind of the token here; None at the end."""
        return self.tokens[self.at].kind if self.at < len(self.tokens) else None

    def text(self) -> str:
        """The text of the sign here, or `*` and the like; empty for another token or the end."""
        if self.at < len(self.tokens) and self.tokens[self.at].kind is Kind.SIGN:
            return self.tokens[self.at].text
        return ""

    def word(self) -> str:
        """The word here in capitals; empty for another token or the end."""
        if self.at < len(self.tokens) and self.tokens[self.at].kind is Kind.WORD:
            return self.tokens[self.at].text.upper()
        return ""
