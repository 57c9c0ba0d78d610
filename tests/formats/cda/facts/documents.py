"""Small invented CDA documents with the sections that a test needs."""

from __future__ import annotations

from carnet.formats.cda.facts import read_facts
from carnet.record.facts import Fact, Facts, Place

F = "1.2.250.1.213.1.1.3"
LOINC = "2.16.840.1.113883.6.1"
SNOMED = "2.16.840.1.113883.6.96"
CIM10 = "2.16.840.1.113883.6.3"

HEAD = (
    '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:pharm="urn:ihe:pharm:medication"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    '<code code="11502-2"/><title>Essai</title><component><structuredBody>'
)
TAIL = "</structuredBody></component></ClinicalDocument>"


def document(*sections: str) -> bytes:
    """A document of these sections."""
    return f"{HEAD}{''.join(sections)}{TAIL}".encode()


def section(code: str, *entries: str, text: str = "", title: str = "Titre") -> str:
    """A section with its narrative and its entries, each wrapped in ``entry``."""
    wrapped = "".join(f"<entry>{each}</entry>" for each in entries)
    return (
        f'<component><section><code code="{code}" codeSystem="{LOINC}"/><title>{title}</title>'
        f"<text>{text}</text>{wrapped}</section></component>"
    )


def observation(
    template: str, code: str, *inside: str, negated: bool = False, mood: str = "EVN"
) -> str:
    """An observation of a CI-SIS template (its last arc) and a LOINC code."""
    denial = ' negationInd="true"' if negated else ""
    return (
        f'<observation classCode="OBS" moodCode="{mood}"{denial}>'
        f'<templateId root="{F}.{template}"/><code code="{code}" codeSystem="{LOINC}"'
        f' displayName="{code}"/>{"".join(inside)}</observation>'
    )


def read(*sections: str) -> Facts:
    """What a document of these sections says."""
    return read_facts(document(*sections))


def only(*sections: str) -> Fact:
    """The one fact of a document of these sections."""
    (fact,) = read(*sections).facts
    return fact


def value_of(written: str) -> object:
    """The value of an observation whose value is written so."""
    return only(section("30954-2", observation("48", "1-8", written))).value


def places_of(facts: Facts) -> list[Place]:
    """Where facts and unread entries stand."""
    return [*(one.place for one in facts.facts), *(one.place for one in facts.unread)]
