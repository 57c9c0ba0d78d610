"""One pass over a CDA: its sections, the words of their narrative, and their entries as trees.

Base64 contents and the header run through unread. An entry is handed on when the document ends,
so that what it points to further down is known; where more than ``PENDING`` elements wait, what
waits is handed on at once, with the words known so far. Memory stays bounded thereby.
"""

from __future__ import annotations

from collections.abc import Callable

from carnet.formats.cda.facts.elements import ACTS, LINKS, Element
from carnet.formats.cda.facts.narrative import Narrative
from carnet.formats.cda.facts.offsets import Offsets
from carnet.formats.cda.facts.sections import Entry, Open, Section
from carnet.formats.xml import SafeXmlReader
from carnet.record.errors import CarnetError

PENDING = 40_000
"""Elements of entries that may wait for the end of the document."""
STATEMENTS = 60_000
"""Statements read of a document: three times the facts that are kept."""
LONGEST_TEXT = 20_000
"""Characters kept of one element of an entry."""

_HL7 = "urn:hl7-org:v3 "
_SPACES = (_HL7, "urn:ihe:pharm:medication ", "urn:hl7-org:sdtc ")
_NUMBERED = ACTS | LINKS | {"entry"}
_WORDY = frozenset({"desc", "lotNumberText", "name", "originalText", "text", "title", "value"})
_UNREAD = frozenset(
    {"addr", "assignedPerson", "author", "informant", "realmCode", "telecom", "typeId"}
)


class Scan:
    """Reads a document and calls ``hand_on(entry)`` for every entry of its sections.

    Raises ``CarnetError``: those of ``SafeXmlReader`` and ``cda-not-a-document``.
    """

    def __init__(self, data: bytes, hand_on: Callable[[Entry], None]) -> None:
        self.narrative = Narrative()
        self.cut = False
        self._data = data
        self._hand_on = hand_on
        self._reader = SafeXmlReader(self._start, self._end)
        self._body: list[Open] = []
        self._elements: list[Element] = []
        self._counts: list[dict[str, int]] = []
        self._waiting: list[Entry] = []
        self._waiting_elements = 0
        self._statements = 0
        self._sections = 0
        self._skipped = 0
        self._resume: Callable[[], None] = self._enter_body
        self._names: dict[str, str] = {}
        self._offsets = Offsets(data)

    def run(self) -> None:
        """The whole document."""
        self._reader.feed(self._data)
        self._reader.close()
        self._flush()

    def _flush(self) -> None:
        waiting, self._waiting, self._waiting_elements = self._waiting, [], 0
        for entry in waiting:
            self._hand_on(entry)

    def _local(self, name: str) -> str:
        local = self._names.get(name)
        if local is None:
            local = next((name[len(s) :] for s in _SPACES if name.startswith(s)), name)
            self._names[name] = local
        return local

    def _skip(self, resume: Callable[[], None]) -> None:
        """Lets the element that has just opened run through unread."""
        self._skipped = 1
        self._resume = resume
        self._reader.on_start = self._start_skipped
        self._reader.on_end = self._end_skipped
        self._reader.on_text = None

    def _start_skipped(self, _name: str, _attributes: dict[str, str]) -> None:
        self._skipped += 1

    def _end_skipped(self, _name: str) -> None:
        self._skipped -= 1
        if not self._skipped:
            self._resume()

    # The body: from ClinicalDocument down to sections.

    def _enter_body(self) -> None:
        self._reader.on_start = self._start
        self._reader.on_end = self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        opened = self._body
        if not opened:
            if name != f"{_HL7}ClinicalDocument":
                raise CarnetError("cda-not-a-document", "/*")
            opened.append(Open("ClinicalDocument", "ClinicalDocument[1]", None))
            return
        local = self._local(name)
        parent = opened[-1]
        if parent.name == "section" and parent.section is not None:
            self._start_in_section(parent, parent.section, local, attributes)
        elif (parent.name, local) in _DOWN:
            self._open_body(parent, local)
        else:
            self._skip(self._enter_body)

    def _open_body(self, parent: Open, local: str) -> None:
        path = f"{parent.path}/{local}[{parent.number(local)}]"
        section = parent.section
        if local == "section":
            section = Section(self._sections, path, section)
            self._sections += 1
        self._body.append(Open(local, path, section))

    def _end(self, _name: str) -> None:
        self._body.pop()

    def _start_in_section(
        self, parent: Open, section: Section, local: str, attributes: dict[str, str]
    ) -> None:
        if local == "text":
            self._enter_text(section)
        elif local == "entry":
            self._enter_entry(f"{parent.path}/entry[{parent.number('entry')}]", attributes)
        elif local == "component":
            self._open_body(parent, local)
        elif local == "title":
            self._enter_title(section)
        else:
            if local == "code":
                section.code = attributes.get("code", "").strip()
            self._skip(self._enter_body)

    def _enter_title(self, section: Section) -> None:
        def add(text: str) -> None:
            if len(section.title) < 500:
                section.title = " ".join(f"{section.title}{text}".split())

        self._skip(self._leave_text)
        self._reader.on_text = add

    def _leave_text(self) -> None:
        self._reader.on_text = None
        self._enter_body()

    # The narrative of a section.

    def _enter_text(self, section: Section) -> None:
        self.narrative.section = section.serial
        self._skipped = 1
        self._reader.on_start = self._start_text
        self._reader.on_end = self._end_text

    def _start_text(self, name: str, attributes: dict[str, str]) -> None:
        self._skipped += 1
        self.narrative.start(self._local(name), attributes)
        self._listen()

    def _end_text(self, name: str) -> None:
        self._skipped -= 1
        if not self._skipped:
            self._leave_text()
            return
        self.narrative.end(self._local(name))
        self._listen()

    def _listen(self) -> None:
        """Text is only asked for where an element with an ID is open."""
        self._reader.on_text = self.narrative.data if self.narrative.listening else None

    # An entry.

    def _enter_entry(self, path: str, attributes: dict[str, str]) -> None:
        section = self._body[-1].section
        if section is None:
            return
        section.entries += 1
        root = Element("entry", attributes)
        self._elements = [root]
        self._counts = [{}]
        self._waiting.append(Entry(section, root, path))
        self._enter_element()

    def _enter_element(self) -> None:
        self._reader.on_start = self._start_element
        self._reader.on_end = self._end_element

    def _start_element(self, name: str, attributes: dict[str, str]) -> None:
        local = self._local(name)
        parent = self._elements[-1]
        if local == "templateId":
            parent.templates += (attributes.get("root", ""),)
            self._skip(self._enter_element)
            return
        if local in _UNREAD or self._full(local):
            self._skip(self._enter_element)
            return
        element = Element(local, attributes)
        parent.add(element)
        self._elements.append(element)
        self._waiting_elements += 1
        if local in _NUMBERED:
            counts = self._counts[-1]
            element.number = counts[local] = counts.get(local, 0) + 1
            self._counts.append({})
            if local in ACTS:
                element.begin = self._reader.offset
                element.end = self._offsets.behind_empty(element.begin)
        elif local in _WORDY and attributes.get("representation") != "B64":
            self._reader.on_text = self._data_element

    def _full(self, local: str) -> bool:
        if local not in ACTS:
            return False
        self._statements += 1
        if self._statements <= STATEMENTS:
            return False
        self.cut = True
        return True

    def _data_element(self, text: str) -> None:
        element = self._elements[-1]
        if len(element.text) < LONGEST_TEXT and (element.text or not text.isspace()):
            element.text += text

    def _end_element(self, _name: str) -> None:
        element = self._elements.pop()
        local = element.name
        if local in _NUMBERED:
            self._counts.pop()
            if local in ACTS and not element.end:
                element.end = self._offsets.behind_tag(self._reader.offset)
        elif local in _WORDY:
            self._reader.on_text = None
        if not self._elements:
            self._enter_body()
            if self._waiting_elements > PENDING:
                self._flush()


_DOWN = frozenset(
    {
        ("ClinicalDocument", "component"),
        ("component", "structuredBody"),
        ("structuredBody", "component"),
        ("component", "section"),
    }
)
