"""What is kept of one document to put it in order, from its title, its facts and its words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import msgspec

from carnet.formats.gist.model import Gist
from carnet.formats.gist.printed import prose_of
from carnet.formats.gist.telling import told_of
from carnet.formats.gist.words import first_shown, paper_words, plain, topic_of_code, topics_in
from carnet.record.facts import Analysis, Concept, Fact, Facts, Kind, Medication

GIST_READER = 2
"""Version of what makes gists; a higher one derives anew."""

ATC = frozenset({"2.16.840.1.113883.6.73", "http://www.whocc.no/atc"})
CIM10 = frozenset({"2.16.840.1.113883.6.3", "http://hl7.org/fhir/sid/icd-10"})
LOINC = frozenset({"2.16.840.1.113883.6.1", "http://loinc.org"})

_READ = 100_000  # characters of a narrative in which topics and passages are looked for
_MOST = 12  # topics and lines that are kept of one document
_REASON = "motif"
_TELLING = frozenset({"imaging", "prescription", "examination", "pathology", "emergency"})
_ENCODER = msgspec.msgpack.Encoder()


def gist_of(
    type_code: str, title: str, facts: Facts, text: str, body: bytes = b"", printed: str = ""
) -> Gist:
    """The gist of a document.

    ``text`` is its narrative, ``body`` a digest of an unstructured body, ``printed`` the words of
    its pages; each empty where it has none. Pages name topics and are not quoted: of a line one
    cannot say where its sentence goes on ("Pas", and below "d'épanchement").
    """
    sort = paper_words(type_code).sort
    whole, text = text, text[:_READ]
    named = list(topics_in(title))
    hinted: list[str] = []
    if sort == "prescription":
        named += _each(topics_in(reason) for reason in _reasons(text))
        named += _each(topics_in(fact_reason(one)) for one in facts.facts)
    elif sort in _TELLING:
        hinted += topics_in(f"{text} {prose_of(printed[:_READ])}")
    problems = [one for one in facts.facts if one.kind is Kind.PROBLEM and not one.negated]
    if sort == "stay":
        hinted += _each(_of_problem(one) for one in problems)
    lines = [line_of(one) for one in facts.facts if one.kind is Kind.MEDICATION]
    if sort in ("prescription", "dispensation"):
        hinted += _each(of_medicine(one) for one in facts.facts if one.kind is Kind.MEDICATION)
    if sort == "laboratory":
        hinted += _each(_of_result(one) for one in facts.facts if one.kind is Kind.RESULT)
    said, measures = told_of(sort, title, facts, text)
    return Gist(
        shows=_shows(sort, title, facts, (*named, *hinted)),
        said=said,
        measures=measures,
        named=tuple(dict.fromkeys(named))[:_MOST],
        hinted=tuple(dict.fromkeys(hinted))[:_MOST],
        lines=tuple(dict.fromkeys(line for line in lines if line))[:_MOST],
        content=fingerprint(facts, whole, body),
    )


def _shows(sort: str, title: str, facts: Facts, about: Sequence[str]) -> str:
    """What it examined or gave: ``modality site`` of a picture, a sample, a vaccine."""
    if sort in ("imaging", "examination"):
        acts = " ".join(
            f"{one.what.text} {one.what.label}" for one in facts.facts if one.kind is Kind.PROCEDURE
        )
        for words in (title, f"{title} {acts}"):
            modality = first_shown("modality", words)
            if modality:
                return f"{modality} {first_shown('site', words)}".strip()
        return ""
    if sort == "laboratory":
        specimens = " ".join(
            one.details.specimen.label
            for one in facts.facts
            if isinstance(one.details, Analysis) and one.details.specimen is not None
        )
        if not facts.facts and first_shown("sample", title, about=about) == "blood":
            return ""  # a picture of a report: of what was drawn nothing is said
        return first_shown("sample", f"{title} {specimens}", about=about[:1])
    if sort == "vaccination":
        given = [one for one in facts.facts if one.kind is Kind.IMMUNIZATION]
        codes = [code for one in given if (code := one.what.code_in(*ATC))]
        return first_shown("vaccine", title, atc=codes)
    return ""


def _each(found: Iterable[tuple[str, ...]]) -> list[str]:
    return [key for keys in found for key in keys]


def _reasons(text: str) -> list[str]:
    """The cells of a narrative table's column of reasons (CI-SIS eP-MED: "Motif")."""
    column, width, cells = -1, 0, []
    for line in text.splitlines():
        row = [cell.strip() for cell in line.split("|")]
        heads = [plain(cell).strip() for cell in row]
        if _REASON in heads and len(row) > 1:
            column, width = heads.index(_REASON), len(row)
        elif column >= 0 and len(row) == width:
            cells.append(row[column])
        else:
            column = -1
    return cells


def fact_reason(fact: Fact) -> str:
    """What a treatment is for, in words; empty where the entry does not say."""
    details = fact.details
    if not isinstance(details, Medication) or details.reason is None:
        return ""
    return f"{details.reason.label} {details.reason.text}"


def line_of(fact: Fact) -> str:
    """What makes a line of medicines the same as another: the substance, else its words."""
    return fact.what.code_in(*ATC) or plain(fact.what.text or fact.what.label).strip()


def of_medicine(fact: Fact) -> tuple[str, ...]:
    """The topics of a medicine that is hardly given for anything else."""
    code = fact.what.code_in(*ATC)
    found = topic_of_code("atc", code) if code else None
    return (found,) if found else ()


def _of_problem(fact: Fact) -> tuple[str, ...]:
    concept = fact.value if isinstance(fact.value, Concept) else fact.what
    code = concept.code_in(*CIM10)
    found = topic_of_code("icd", code) if code else None
    return (found,) if found else topics_in(concept.label)


def _of_result(fact: Fact) -> tuple[str, ...]:
    code = fact.what.code_in(*LOINC)
    found = topic_of_code("loinc", code) if code else None
    return (found,) if found else topics_in(f"{fact.what.label} {fact.what.text}", "tests")


def fingerprint(facts: Facts, text: str, body: bytes = b"") -> bytes:
    """The same for the same content, whatever its identifiers, places and layout.

    Of what is said, everything: a number, a unit, a comparator, a day that differs makes another.
    """
    said = [_said(one) for one in facts.facts]
    # The words keep their marks: "1.5" and "15" are two results.
    exact = " ".join(text.split())
    if not said and not exact and not body:
        return b""
    packed = _ENCODER.encode((said, exact, body, facts.cut))
    return hashlib.sha256(packed).digest()[:16]


def _said(fact: Fact) -> tuple[object, ...]:
    return (
        fact.kind,
        fact.what,
        fact.value,
        fact.when,
        fact.negated,
        fact.stage,
        fact.bounds,
        fact.interpretation,
        fact.details,
        fact.comment,
    )
