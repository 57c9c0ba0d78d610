"""Values of entries (HL7 v3 data types R1 as CDA R2 uses them) as values of facts, as written.

Nothing is converted. What cannot be read (a number that is none, a time that is none) is kept as
words where there is a place for words, and left out elsewhere.
"""

from __future__ import annotations

import re

from carnet.formats.cda.facts.elements import Element
from carnet.formats.cda.facts.narrative import Narrative
from carnet.record.facts import Bounds, Code, Concept, Quantity, Range, Ratio, Value, Words

XSI_TYPE = "http://www.w3.org/2001/XMLSchema-instance type"

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_WRITTEN = re.compile(
    r"(<=|>=|<|>|≤|≥)?\s*([+-]?\d+(?:[.,]\d+)?)(?:\s*([^\s\d<>≤≥][^\s<>≤≥]*))?", re.ASCII
)
_SIGNS = {"≤": "<=", "≥": ">="}
_TYPES = {
    **dict.fromkeys(("CD", "CE", "CV", "CO", "CS", "CR"), "concept"),
    **dict.fromkeys(("PQ", "INT", "REAL", "MO"), "number"),
    **dict.fromkeys(("IVL_PQ", "IVL_INT", "IVL_REAL"), "interval"),
    **dict.fromkeys(("IVL_TS", "EIVL_TS", "PIVL_TS"), "times"),
    **dict.fromkeys(("RTO", "RTO_PQ_PQ", "RTO_QTY_QTY", "RTO_MO_PQ"), "ratio"),
    **dict.fromkeys(("BL", "BN", "ST", "ED", "TS", "SC", "URL", "TEL"), "plain"),
}
FILLERS = frozenset({"texte libre", "(texte libre)", "[texte libre]"})
PLACEHOLDERS = FILLERS | {"-"}
"""Words that the national models put where words are to be filled in; they say nothing."""


class Values:
    """Reads the values of one section's entries; words are looked up in the narrative."""

    def __init__(self, narrative: Narrative, section: int, *, alone: bool = False) -> None:
        self._narrative = narrative
        self._section = section
        self._alone = alone

    def words(self, node: Element | None) -> tuple[str, str]:
        """What an ED says and the ID it points to: its own words, or the narrative's.

        An ID that the narrative does not have gives neither.
        """
        if node is None:
            return "", ""
        reference = node.first("reference")
        pointer = reference.get("value").removeprefix("#").strip() if reference is not None else ""
        if pointer:
            found = self._narrative.find(pointer, self._section)
            return (found, pointer) if found is not None else ("", "")
        return " ".join(node.text.split()), ""

    def row(self, identifier: str) -> str:
        """The words of the table row that an ID of the narrative stands in."""
        return self._narrative.row(identifier, self._section) if identifier else ""

    def lost(self, node: Element | None) -> tuple[str, str]:
        """The words that a pointer to nothing can only mean, and their ID.

        Only where the section has no other entry, and its narrative one ID: nothing is guessed.
        """
        pointer = node.first("reference") if node is not None and self._alone else None
        if pointer is None or self.words(node)[1]:
            return "", ""
        return self._narrative.only(self._section)

    def concept(self, node: Element | None) -> Concept:
        """A CD or one of its kinds: code, translations, original text, qualifiers."""
        if node is None:
            return Concept()
        codes: list[Code] = []
        for each in (node, *node.every("translation")):
            code = _code(each)
            if code is not None and code not in codes:
                codes.append(code)
        text = self.words(node.first("originalText"))[0]
        return Concept(
            codes=tuple(codes),
            text=text or ("" if codes else node.get("displayName")),
            null="" if codes else node.get("nullFlavor"),
            qualifiers=_qualifiers(node),
        )

    def coded(self, node: Element | None) -> Concept | None:
        """The same; None where it says nothing but a null flavour."""
        concept = self.concept(node)
        return concept if concept.codes or concept.text or concept.qualifiers else None

    def value(self, node: Element) -> Value | None:
        """An observation's ``value``, by its type and, where none is given, by its looks."""
        match _TYPES.get(node.get(XSI_TYPE).rpartition(":")[2]):
            case "concept":
                return self._concept_value(node)
            case "number":
                return quantity(node) or self._plain(node)
            case "interval":
                return interval(node)
            case "times":
                return self._times(node)
            case "ratio":
                return ratio(node)
            case "plain":
                return self._plain(node)
            case _:
                return self._by_looks(node)

    def _by_looks(self, node: Element) -> Value | None:
        if node.get("code") or node.every("translation"):
            return self._concept_value(node)
        if node.first("low") is not None or node.first("high") is not None:
            return interval(node)
        if _NUMBER.fullmatch(node.get("value")):
            return quantity(node)
        return self._plain(node)

    def placeholder(self, node: Element) -> bool:
        """Whether an answer holds nothing but the words that stand for words to come."""
        return self._told(node)[0].lower() in PLACEHOLDERS

    def unfilled(self, node: Element) -> bool:
        """Whether an answer only repeats the question.

        So it is where words to come stand in all other cells of its row.
        """
        text, pointer = self._told(node)
        cells = [cell.strip() for cell in self.row(pointer).split(" | ")]
        others = [cell.lower() for cell in cells if cell != text]
        return text in cells and bool(others) and FILLERS.issuperset(others)

    def _told(self, node: Element) -> tuple[str, str]:
        """The words of an answer that is nothing but words, and their ID."""
        if node.get("code") or node.get("value") or node.every("translation"):
            return "", ""
        found = self.words(node.first("originalText"))
        return found if found[0] else self.words(node)

    def _concept_value(self, node: Element) -> Value | None:
        found = self.coded(node)
        if found is None or found.codes or found.text.strip().lower() not in PLACEHOLDERS:
            return found
        return None

    def _plain(self, node: Element) -> Value | None:
        """A word, a truth value, a time: what the attribute or the text says."""
        text = node.get("value") or self.words(node)[0]
        return Words(text) if text and text.lower() not in PLACEHOLDERS else None

    def _times(self, node: Element) -> Value | None:
        """IVL_TS: the point, or both ends parted by a stroke."""
        if node.get("value"):
            return Words(node.get("value"))
        ends = [each.get("value") for each in (node.first("low"), node.first("high")) if each]
        text = "/".join(ends)
        return Words(text) if text.strip("/") else None

    def bounds(self, node: Element) -> Bounds | None:
        """A referenceRange: its value, what it stands for, its words."""
        inside = node.first("observationRange")
        if inside is None:
            return None
        value = inside.first("value")
        read = self.value(value) if value is not None else None
        if isinstance(read, Quantity):
            read = _one_end(read)
        text = self.words(inside.first("text"))[0]
        if text.lower() in PLACEHOLDERS:
            text = ""
        meaning = self.coded(inside.first("interpretationCode"))
        kept = read if isinstance(read, Range | Words | Concept) else None
        return Bounds(kept, meaning, text) if kept is not None or text else None


def quantity(node: Element | None) -> Quantity | None:
    """A PQ, INT or REAL: the number as written, with its translations into other units.

    Where there is a translation only, that is the number.
    """
    if node is None:
        return None
    found = [
        Quantity(number, each.get("unit") or ("" if each is node else each.get("code")))
        for each in (node, *node.every("translation"))
        if _NUMBER.fullmatch(number := each.get("value"))
    ]
    if not found:
        return None
    first, *others = found
    return Quantity(first.number, first.unit, "", tuple(others)) if others else first


def interval(node: Element | None) -> Quantity | Range | None:
    """An IVL: both ends are a range, one is a bound ("< 5"), equal ends are the number itself.

    An end that is not said to be out (``inclusive``, by default true) is in: "at least".
    """
    if node is None:
        return None
    exact = quantity(node) or quantity(node.first("center"))
    if exact is not None:
        return exact
    low, high = _end(node.first("low"), ">"), _end(node.first("high"), "<")
    if low is not None and high is not None:
        same = (low.number, low.unit) == (high.number, high.unit)
        ends = (Quantity(low.number, low.unit), Quantity(high.number, high.unit))
        return ends[0] if same else Range(*ends)
    return low or high


def _end(node: Element | None, sign: str) -> Quantity | None:
    found = quantity(node)
    if found is None or node is None:
        return None
    out = node.get("inclusive") == "false"
    return Quantity(found.number, found.unit, sign if out else f"{sign}=")


def _one_end(value: Quantity) -> Range:
    """A reference range that has one end only."""
    bare = Quantity(value.number, value.unit)
    if value.comparator.startswith("<"):
        return Range(None, value if value.comparator == "<" else bare)
    if value.comparator.startswith(">"):
        return Range(value if value.comparator == ">" else bare, None)
    return Range(bare, bare)


def ratio(node: Element | None) -> Ratio | None:
    """An RTO; None where one of its parts has no number."""
    if node is None:
        return None
    above, below = quantity(node.first("numerator")), quantity(node.first("denominator"))
    return Ratio(above, below) if above is not None and below is not None else None


def written_quantity(text: str) -> Quantity | None:
    """A text that is nothing but a number, with its sign and unit: ``<1.0 mg/L``."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    sign, number, unit = found.groups()
    return Quantity(number.replace(",", "."), unit or "", _SIGNS.get(sign or "", sign or ""))


def _code(node: Element) -> Code | None:
    code = node.get("code")
    return Code(node.get("codeSystem"), code, node.get("displayName")) if code else None


def _qualifiers(node: Element) -> tuple[Code, ...]:
    found: list[Code] = []
    for qualifier in node.every("qualifier"):
        for name in ("value", "name"):
            inner = qualifier.first(name)
            code = _code(inner) if inner is not None else None
            if code is not None:
                found.append(code)
                break
    return tuple(found)
