"""Reading XML sources record by record, each record freed when the next one comes.

The parser is expat, https://docs.python.org/3/library/pyexpat.html. A document type declaration is
refused as soon as it begins, so that no entity is ever declared, expanded or fetched; nothing else
of XML 1.0 leads out of the file. What is in memory is bounded: the bytes of one tag, the characters
of one text, the elements and the characters of one record, and the depth of elements.
"""

from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from kzgraph.settings import CommandSettings, read_settings
from kzgraph.sources.errors import FaultList, SourceFaults
from kzgraph.sources.reading import HasPath, open_source

#: Bytes that are given to the parser at once.
_CHUNK = 1 << 16
#: How deep elements may lie in each other; those of IATI lie nine deep.
MOST_DEPTH = 50
#: Elements of one record, foreign ones included. A quarter of a million take 150 MB.
MOST_ELEMENTS = 250_000
#: Names of elements and attributes in a file, each of which the parser keeps.
MOST_NAMES = 10_000
#: Names of foreign elements that are counted one by one.
_MOST_FOREIGN = 100
#: Characters of one record, in texts and attributes.
MOST_TEXT = 1 << 25
#: Names of elements and attributes of other namespaces come with their namespace before a blank.
_FOREIGN = " "
#: Characters of a name that a message shows.
_SHOWN = 40
#: https://www.w3.org/TR/xml/#sec-lang-tag
_XML_LANG = "http://www.w3.org/XML/1998/namespace lang"
#: The codes of expat for content that ends too early.
_ENDS_EARLY = frozenset(
    expat.errors.codes[text]
    for text in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)


@dataclass(slots=True)
class Element:
    """An element, without those of other namespaces in it.

    Attributes:
        name: its name.
        attributes: those of no namespace, and `xml:lang` as `lang`.
        line: the line in which its start tag begins, from 1 up.
        text: its own text, with the spaces around it left out.
        children: its elements, in their order.
    """

    name: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def all(self, name: str) -> list["Element"]:
        """Its children called `name`."""
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> "Element | None":
        """Its first child called `name`."""
        return next((child for child in self.children if child.name == name), None)

    def get(self, name: str) -> str:
        """An attribute, with the spaces around it left out; nothing where it has none."""
        return self.attributes.get(name, "").strip()


@dataclass
class Counts:
    """What was left out of a file: elements of other namespaces.

    Attributes:
        foreign: how many there are of each name.
        more: how many there are of further names.
    """

    foreign: dict[str, int] = field(default_factory=dict)
    more: int = 0

    def add(self, name: str) -> None:
        """Count one."""
        if name in self.foreign or len(self.foreign) < _MOST_FOREIGN:
            self.foreign[name] = self.foreign.get(name, 0) + 1
        else:
            self.more += 1


def read_records(
    source: HasPath,
    faults: FaultList,
    record: str,
    check_root: Callable[[Element], None],
    counts: Counts | None = None,
) -> Iterator[Element]:
    """The elements called `record` right below the root of an XML source.

    Args:
        source: what is read.
        faults: those that were found in it, for what is raised.
        record: the name of an element; others below the root are a fault, or left out where they
            are of another namespace.
        check_root: called with the root, as yet without content; raises what it is refused with.
        counts: where what is left out is counted.

    Raises:
        SourceFaults: see `open_source`; or it is not well-formed XML, has a document type
            declaration, or breaks a limit.
        OSError: it cannot be read.
    """
    reading = _Reading(faults, record, check_root, counts or Counts())
    most = read_settings(CommandSettings).source_line
    fed = 0
    with open_source(source, faults) as stream:
        while chunk := stream.read(_CHUNK):
            if fed == 0 and not chunk.removeprefix(BOM_UTF8).strip(b" \t\r\n\0"):
                break
            fed += len(chunk)
            reading.feed(chunk)
            yield from reading.take()
            # The parser keeps a tag until it has all of it.
            if fed - max(reading.parser.CurrentByteIndex, 0) > most + _CHUNK:
                raise reading.stop(
                    f"a tag, comment or text has more than {most} bytes",
                    "check that this is the file that was meant, or raise KZGRAPH_SOURCE_LINE",
                )
    if fed == 0:
        raise faults.stop(0, "", "the file is empty", "fetch the file again, and ingest that")
    reading.feed(b"", last=True)
    yield from reading.take()


class _Reading:
    """The state of the parser of one file."""

    def __init__(
        self,
        faults: FaultList,
        record: str,
        check_root: Callable[[Element], None],
        counts: Counts,
    ) -> None:
        self._faults, self._record, self._check_root = faults, record, check_root
        self._counts = counts
        self._most_text = read_settings(CommandSettings).source_cell
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._depth = self._skipped = 0
        self._elements = self._characters = 0
        self._done: list[Element] = []
        self.parser = expat.ParserCreate(namespace_separator=_FOREIGN)
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def feed(self, data: bytes, *, last: bool = False) -> None:
        """Parse further bytes."""
        try:
            self.parser.Parse(data, last)
        except expat.ExpatError as error:
            message = f"it is not well-formed XML: {expat.ErrorString(error.code)}"
            remedy = "ask the publisher, or correct it"
            if last and error.code in _ENDS_EARLY:
                message = "the file ends before its last element does"
                remedy = "fetch the file again, and ingest that"
            raise self._faults.stop(error.lineno, "", message, remedy) from None
        except SourceFaults:
            raise
        except (LookupError, ValueError) as error:
            # Of a declared encoding that Python does not know, or that expat cannot take.
            raise self.stop(f"its encoding cannot be read: {error}", "save it as UTF-8") from None

        if len(self.parser.intern) > MOST_NAMES:
            raise self.stop(
                f"more than {MOST_NAMES} names of elements and attributes", "check what wrote it"
            )

    def take(self) -> Iterator[Element]:
        """The records that are whole by now, once."""
        done, self._done = self._done, []
        yield from done

    def stop(self, message: str, remedy: str) -> Exception:
        """The exception for what is wrong where the parser stands."""
        return self._faults.stop(self.parser.CurrentLineNumber, "", message, remedy)

    def _refuse_doctype(self, *_: object) -> None:
        raise self.stop(
            "a document type declaration is not read, since it may declare entities",
            "delete it: the data need none",
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise self.stop(
                f"elements lie in each other more than {MOST_DEPTH} deep", "check the closing tags"
            )
        self._elements += 1
        if self._depth > 1 and self._elements > MOST_ELEMENTS:
            raise self.stop(
                f"a record has more than {MOST_ELEMENTS} elements", "divide it into several"
            )
        self._count(sum(map(len, attributes.values())))
        if self._skipped or (self._depth > 1 and self._is_left_out(name)):
            self._skipped += 1
            return
        kept = {key: text for key, text in attributes.items() if _FOREIGN not in key}
        if _XML_LANG in attributes:
            kept["lang"] = attributes[_XML_LANG]
        element = Element(name, kept, self.parser.CurrentLineNumber)
        if self._depth == 1:
            self._check_root(element)
        elif self._depth > 2:
            self._open[-1].children.append(element)
        self._open.append(element)
        self._texts.append([])

    def _is_left_out(self, name: str) -> bool:
        if _FOREIGN in name:
            self._counts.add(name)
            return True
        if self._depth == 2 and name != self._record:
            self._faults.add(
                self.parser.CurrentLineNumber,
                name[:_SHOWN],
                f"what stands here is not an <{self._record}>",
                f"call it <{self._record}>, if it is one; else take it out",
            )
            return True
        return False

    def _end(self, _: str) -> None:
        self._depth -= 1
        if self._depth == 1:
            self._elements = self._characters = 0
        if self._skipped:
            self._skipped -= 1
            return
        element, text = self._open.pop(), "".join(self._texts.pop())
        element.text = text.strip()
        if len(element.text) > self._most_text:
            raise self.stop(
                f"a text has more than {self._most_text} characters",
                "check the closing tags, or raise KZGRAPH_SOURCE_CELL",
            )
        if self._depth == 1:
            self._done.append(element)

    def _text(self, text: str) -> None:
        if self._skipped or self._depth < 2:
            return
        self._count(len(text))
        self._texts[-1].append(text)

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._depth > 1 and self._characters > MOST_TEXT:
            raise self.stop(f"a record has more than {MOST_TEXT} characters", "divide it")
