"""The level 3 body of a laboratory report (CI-SIS CR-BIO 2024.01, IHE PaLM XD-LAB).

A chapter is a section with a table for people and one entry for machines; each coded name points
to the words of the table. A copy of the whole report as PDF closes the body.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

from lxml.etree import _Element

from carnet.formats.cda.build.laboratory_model import (
    Battery,
    Chapter,
    Interpretation,
    LaboratoryBody,
    Result,
)
from carnet.formats.cda.build.laboratory_table import chapter_table
from carnet.formats.cda.build.xml import (
    LOINC,
    code_attrs,
    coded,
    element,
    identified,
    moment,
    template,
)
from carnet.record.document import Code
from carnet.record.identity import Identifier

Ids = Callable[[str], str]

_LAB = "1.3.6.1.4.1.19376.1.3"
_ENTRY = "1.2.250.1.213.1.1.3"
_SECTION = "1.2.250.1.213.1.1.2"
_INTERPRETATION = "2.16.840.1.113883.5.83"
_COPY = Code(LOINC, "55108-5", "Copie du document")
_LABELS = {
    Interpretation.NORMAL: "Normal",
    Interpretation.HIGH: "Anormalement haut",
    Interpretation.LOW: "Anormalement bas",
}


def _named(code: Code | None, local: Code | None, name: str | None) -> _Element:
    """A code that points to its words; without LOINC code the local one is a translation."""
    attrs: dict[str, str | None] = {"nullFlavor": "UNK"} if code is None else code_attrs(code)
    words: _Element | None = None
    if name is not None:
        words = element("originalText", element("reference", attrs={"value": f"#{name}"}))
    translation = None if local is None else coded("translation", local)
    return element("code", words, translation, attrs=attrs)


def _quantity(value: str, unit: str, tag: str = "value") -> _Element:
    typed = "PQ" if tag == "value" else None
    return element(tag, attrs={"xsi:type": typed, "value": value, "unit": unit})


def _interpretation(value: Interpretation) -> _Element | None:
    return coded("interpretationCode", Code(_INTERPRETATION, value.value, _LABELS[value]))


def _past(result: Result) -> _Element | None:
    if result.past is None:
        return None
    earlier = element(
        "observation",
        _named(result.code, result.local, None),
        element("statusCode", attrs={"code": "completed"}),
        moment("effectiveTime", result.past.time),
        _quantity(result.past.value, result.unit),
        attrs={"classCode": "OBS", "moodCode": "EVN"},
    )
    return element("entryRelationship", earlier, attrs={"typeCode": "REFR"})


def _range(result: Result) -> _Element | None:
    if result.low is None and result.high is None:
        return None
    span = element(
        "value",
        None if result.low is None else _quantity(result.low, result.unit, "low"),
        None if result.high is None else _quantity(result.high, result.unit, "high"),
        attrs={"xsi:type": "IVL_PQ"},
    )
    observed = element("observationRange", span, _interpretation(Interpretation.NORMAL))
    return element("referenceRange", observed, attrs={"typeCode": "REFV"})


def _observation(result: Result, name: str, sampled: str) -> _Element:
    """One result: laboratory observation of IHE PaLM and of the CI-SIS."""
    stands = result.interpretation
    return element(
        "observation",
        template(f"{_LAB}.1.6"),
        template(f"{_ENTRY}.80"),
        _named(result.code, result.local, name),
        element("statusCode", attrs={"code": "completed"}),
        moment("effectiveTime", sampled),
        _quantity(result.value, result.unit),
        None if stands is None else _interpretation(stands),
        _past(result),
        _range(result),
        attrs={"classCode": "OBS", "moodCode": "EVN"},
    )


def _battery(battery: Battery, name: str, sampled: str) -> _Element:
    made = element(
        "organizer",
        template(f"{_LAB}.1.4"),
        template(f"{_ENTRY}.78"),
        _named(battery.code, None, name),
        element("statusCode", attrs={"code": "completed"}),
        moment("effectiveTime", sampled),
        attrs={"classCode": "BATTERY", "moodCode": "EVN"},
    )
    for index, result in enumerate(battery.results):
        observation = _observation(result, f"{name}-{index}", sampled)
        made.append(element("component", observation))
    return made


def _entry(chapter: Chapter, prefix: str, sampled: str) -> _Element:
    act = element(
        "act",
        coded("code", chapter.code),
        element("statusCode", attrs={"code": "completed"}),
        attrs={"classCode": "ACT", "moodCode": "EVN"},
    )
    for number, item in enumerate(chapter.items):
        name = f"{prefix}-{number}"
        if isinstance(item, Battery):
            part = _battery(item, name, sampled)
        else:
            part = _observation(item, name, sampled)
        act.append(element("entryRelationship", part, attrs={"typeCode": "COMP"}))
    return element(
        "entry",
        template(f"{_LAB}.1"),
        template(f"{_ENTRY}.21"),
        act,
        attrs={"typeCode": "DRIV"},
    )


def _chapter(chapter: Chapter, number: int, sampled: str) -> _Element:
    prefix = f"c{number}"
    text = element("text", chapter_table(chapter, prefix))
    if chapter.comment is not None:
        text.append(element("paragraph", chapter.comment))
    section = element(
        "section",
        template(f"{_LAB}.3.2.1"),
        template(f"{_SECTION}.70"),
        coded("code", chapter.code),
        element("title", chapter.code.display or chapter.code.code),
        text,
        _entry(chapter, prefix, sampled),
    )
    return element("component", section)


def _copy_entry(pdf: bytes, ids: Ids) -> _Element:
    kind = element(
        "observation",
        template("1.3.6.1.4.1.19376.1.5.3.1.4.13"),
        template(f"{_ENTRY}.48"),
        template(f"{_ENTRY}.48.18"),
        identified(Identifier(ids("copy-kind"))),
        coded("code", Code(LOINC, "69764-9", "Type de document")),
        element("text", element("reference", attrs={"value": "#copie"})),
        element("statusCode", attrs={"code": "completed"}),
        element("effectiveTime", attrs={"nullFlavor": "NA"}),
        element("value", attrs={"xsi:type": "CD", **code_attrs(_COPY)}),
        attrs={"classCode": "OBS", "moodCode": "EVN"},
    )
    value = element(
        "value",
        base64.b64encode(pdf).decode("ascii"),
        attrs={"mediaType": "application/pdf", "representation": "B64"},
    )
    media = element(
        "observationMedia", value, attrs={"classCode": "OBS", "moodCode": "EVN", "ID": "pdf"}
    )
    organizer = element(
        "organizer",
        template(f"{_ENTRY}.18"),
        identified(Identifier(ids("copy"))),
        coded("code", Code(LOINC, "55107-7", "Document attaché")),
        element("statusCode", attrs={"code": "completed"}),
        element("component", kind),
        element("component", media),
        attrs={"classCode": "CLUSTER", "moodCode": "EVN"},
    )
    return element("entry", organizer)


def _copy(pdf: bytes, ids: Ids) -> _Element:
    """The section with the copy as PDF; its title is fixed by the specification."""
    shown = element("renderMultiMedia", attrs={"referencedObject": "pdf"})
    words = element("content", "Compte rendu complet au format PDF", attrs={"ID": "copie"})
    row = element("tr", element("td", words), element("td", shown))
    section = element(
        "section",
        template(f"{_SECTION}.243"),
        identified(Identifier(ids("copy-section"))),
        coded("code", _COPY),
        element("title", "Copie du document"),
        element("text", element("table", element("tbody", row))),
        _copy_entry(pdf, ids),
    )
    return element("component", section)


def write_laboratory(body: LaboratoryBody, ids: Ids) -> _Element:
    """The component with the structured body; ``ids`` gives the id of an entry by its label."""
    structured = element("structuredBody")
    for number, chapter in enumerate(body.chapters):
        structured.append(_chapter(chapter, number, body.sampled))
    structured.append(_copy(body.pdf, ids))
    return element("component", structured)
