"""A client of the tools that understands nothing: it follows their descriptions, step by step.

It reads of a question its words, years and numbers, and knows of English which words say nothing by
themselves. What the words mean it takes from the tools:

1. *"Begin here: it gives the ids that the other tools take, and the property that leads to each in
   a query. Ask for one thing at a time, in few words"* (`search`). It cuts the question where a
   word says nothing, and searches for each piece. Hits that are called as the piece are what it
   means.
2. *"... by codes, or by a number such as 87,632"* (`search`). A number is searched for, and the
   first fact that has it described.
3. *"With `kind` as well: the facts of that class that name the thing, each as a sentence"*
   (`describe`). If a word of the question is in the name of a class that `schema` lists, or in what
   it says of hardly any other, the facts of the class are listed that name the first thing found
   of which there are any; if there are none, all of the class.
4. *"take `query` to look up, compare or add up numbers"* (`describe`). If the question asks for an
   amount, or no class fits, it asks for figures with the codes that were found, each under the
   property that `search` gave if figures have that property by `schema`, and with the year: chosen
   figures first, as the first pattern of `schema` says, then stated ones, then all; if there are
   none, without the year, and without the last code.
5. *"With an `id`: what the thing is"* (`describe`). At the end it reads what the first things are.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mcp import Client

from tool_calls import words_of

_SAYS_NOTHING = """
a about according after all along also among an and another any are as at be been before began
beside between both by called can could described did do does each far for from given had has
have he here how if in instead into is it its itself kind many may much name named no not on one
or other out over per said same say says see she should so some stand stands such take taken
than that the their them then there these they this those to together under up was were what
when where which while who whom whose why will would you
"""
#: Words that say nothing by themselves.
EMPTY = frozenset(_SAYS_NOTHING.split())
_AMOUNT = re.compile(r"how (?:many|much)|number|budget|spen[dt]|share|change", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NUMBER = re.compile(r"\b\d{1,3}(?:,\d{3})+\b|\b\d+\.\d+ million\b")
_WORD = re.compile(r"#?\w[\w'-]*")
#: How a hit was found whose name is what was looked for, and not only like it.
_SURE = frozenset(("name", "form"))
#: The properties that lead to what facts are about, and to where they are stated.
_ABOUT = frozenset(("kzg:about", "kzg:statedIn"))
_CHOSEN, *_WIDER = ("kzg:ChosenFigure", "kzg:StatedFigure", "kzg:Figure")
#: Words inside a name.
_JOINING = frozenset(("of", "with"))
#: The vocabulary, and example queries, which are questions themselves.
_OWN_MAKING = ("kzg:", "example:", "scheme:", "dimension:")
_MOST_TRIES = 7
#: How rare the words must be that a question has of a class.
_SURE_OF_CLASS = 0.3
#: So much is read of all answers to a question: that of a dozen pages.
MOST_READ = 40_000


@dataclass
class Asked:
    """What was found out about a question.

    Attributes:
        pieces: for each piece of it the ids of what is called so, best first, each with the
            properties that lead there.
        words: the words of what tools answered that may have the answer.
        calls: how many calls were made.
    """

    pieces: list[dict[str, Sequence[str]]] = field(default_factory=list)
    words: str = ""
    calls: int = 0

    @property
    def things(self) -> list[str]:
        """What facts are about: all but codes, which are for queries."""
        return list(
            dict.fromkeys(
                thing
                for piece in self.pieces
                for thing, properties in piece.items()
                if _ABOUT.intersection(properties)
            )
        )


class Follower:
    """Answers questions by the tools' descriptions alone."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._classes: dict[str, set[str]] = {}
        self._of_figures: set[str] = set()

    async def answer(self, question: str) -> Asked:
        """What the tools answer to a question."""
        asked = Asked()
        await self._read_schema(asked)
        for number in _NUMBER.findall(question):
            hits = (await self._call(asked, "search", text=number))["hits"]
            facts = [each["id"] for each in hits if "fact" in each]
            if facts:
                await self._read(asked, "describe", id=facts[0])
        for piece in cut(question):
            await self._find(asked, piece)
        kind = self._choose_class(question)
        asks_amount = _AMOUNT.search(question) is not None
        if (kind and not asks_amount) or (
            not await self._look_up(asked, _YEAR.findall(question)) and kind
        ):
            await self._list(asked, kind)
        for thing in asked.things[:3]:
            await self._read(asked, "describe", id=thing)
        return asked

    async def _read_schema(self, asked: Asked) -> None:
        if not self._classes:
            card = await self._call(asked, "schema")
            self._classes = {
                each["name"]: stems(f"{split_name(each['name'])} {each['about']}")
                for each in card["classes"]
            }
            figures = await self._call(asked, "schema", part="class", name=_CHOSEN)
            self._of_figures = {each["name"] for each in figures["properties"]}

    async def _call(self, asked: Asked, tool: str, **arguments: Any) -> Mapping[str, Any]:
        asked.calls += 1
        result = await self._client.call_tool(tool, arguments)
        return (
            {} if result.is_error else dict(result.structured_content or {}, words=words_of(result))
        )

    async def _read(self, asked: Asked, tool: str, **arguments: Any) -> Mapping[str, Any]:
        found = await self._call(asked, tool, **arguments)
        asked.words = f"{asked.words}\n{found.get('words', '')}"[:MOST_READ]
        return found

    async def _find(self, asked: Asked, piece: str) -> None:
        """Add what is called as a piece of the question; if nothing is, try less of it."""
        for part in shorten_piece(piece):
            found = await self._call(asked, "search", text=part, limit=4)
            sure = [
                each
                for each in found.get("hits", ())
                if each["match"] in _SURE and not each["id"].startswith(_OWN_MAKING)
            ]
            if sure:
                asked.pieces.append({each["id"]: each.get("properties", ()) for each in sure})
                return

    def _choose_class(self, question: str) -> str:
        """The class that the question has a word of, and hardly any other class."""
        wanted = stems(question)
        best, most = "", 0.0
        for name, told in self._classes.items():
            named = stems(split_name(name))
            score = sum((1 + (each in named)) / self._count(each) for each in wanted & told)
            if score > most:
                best, most = name, score
        return best if most >= _SURE_OF_CLASS else ""

    def _count(self, word: str) -> int:
        return sum(word in told for told in self._classes.values())

    async def _list(self, asked: Asked, kind: str) -> None:
        for thing in asked.things[:4]:
            found = await self._call(asked, "describe", id=thing, kind=kind)
            if found.get("things"):
                await self._read(asked, "describe", id=thing, kind=kind)
                return
        await self._read(asked, "describe", kind=kind)

    async def _look_up(self, asked: Asked, years: Sequence[str]) -> bool:
        """Ask for figures with the first code of each piece; whether there are any."""
        codes: dict[str, list[str]] = {}
        for piece in asked.pieces:
            for thing, properties in piece.items():
                fitting = [each for each in properties if each in self._of_figures]
                if fitting:
                    # `kzg:about` leads to many kinds of things; another is meant for these.
                    name = min(fitting, key=lambda each: each == "kzg:about")
                    codes.setdefault(name, []).append(thing)
                    break
        for query in write_queries(codes, years):
            if (await self._call(asked, "query", query=query)).get("rows"):
                await self._read(asked, "query", query=query)
                return True
        return False


def write_queries(codes: Mapping[str, Sequence[str]], years: Sequence[str]) -> Iterator[str]:
    """Queries for figures: those that ask for all that was found first."""
    conditions = [
        f"{name} {(variable := '?' + name.partition(':')[2])} "
        f"FILTER({variable} IN ({', '.join(found)}))"
        for name, found in codes.items()
    ]
    when = [f"kzg:year ?year FILTER(?year IN ({', '.join(years)}))"] if years else []
    fewer = [conditions[:size] for size in range(len(conditions), 0, -1)]
    for kept in ([*conditions, *when], *fewer):
        for name in (_CHOSEN, *_WIDER) if kept else ():
            patterns = " ".join(f"?figure {each}" for each in kept)
            yield f"SELECT ?figure {{ ?figure a {name} . {patterns} }} ORDER BY ?figure LIMIT 25"


def cut(question: str) -> list[str]:
    """The pieces of a question between words that say nothing.

    >>> cut("How many people of concern were in Kazakhstan in 2018?")
    ['people of concern', 'Kazakhstan']
    """
    pieces: list[list[str]] = [[]]
    for match in re.finditer(rf"{_WORD.pattern}|[,.?:;]", question):
        word = match[0]
        if word.lower() in EMPTY or _YEAR.fullmatch(word) or word in ",.?:;":
            pieces.append([])
        elif word not in _JOINING or pieces[-1]:
            pieces[-1].append(word)
    found = (" ".join(each).removesuffix(" of").removesuffix(" with") for each in pieces)
    return list(dict.fromkeys(each for each in found if each))


def shorten_piece(piece: str) -> list[str]:
    """A piece of a question, and what is left of it without words at its ends.

    >>> shorten_piece("group of people")
    ['group of people', 'people', 'group']
    """
    words = piece.split()
    runs = [
        words[start:end]
        for size in range(len(words), 0, -1)
        for end in range(len(words), size - 1, -1)
        for start in (end - size,)
    ]
    return [" ".join(run) for run in runs if not {run[0], run[-1]} & _JOINING][:_MOST_TRIES]


def stems(text: str) -> set[str]:
    """The words of a text that say something, without endings of plurals and of the past."""
    words = (word.lower() for word in _WORD.findall(text))
    return {
        re.sub(r"(?:ies|es|s|ed|ship|y)$", "", word) if len(word) > 4 else word
        for word in words
        if word not in EMPTY and len(word) > 2
    }


def split_name(name: str) -> str:
    """The words of a name: `kzg:PublicHoliday` is `Public Holiday`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.partition(":")[2])
