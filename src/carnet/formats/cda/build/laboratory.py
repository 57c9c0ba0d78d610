"""The level 3 body of a laboratory report (CI-SIS CR-BIO 2024.01, IHE PaLM XD-LAB).

A chapter is a section with tables for people and one entry for machines, or sections of that kind;
each coded name points to the words of the table. A comment and a copy of the whole report as PDF
close the body.
"""

from __future__ import annotations

from lxml.etree import _Element

from carnet.formats.cda.build.kind import BodyKind, HeaderRules, Ids
from carnet.formats.cda.build.laboratory_entries import chapter_entry
from carnet.formats.cda.build.laboratory_model import Chapter, LaboratoryBody, SubChapter
from carnet.formats.cda.build.laboratory_table import chapter_text
from carnet.formats.cda.build.oids import LAB, MODEL, SECTION
from carnet.formats.cda.build.sections import comment, pdf_copy, section, structured
from carnet.formats.cda.build.xml import LOINC
from carnet.record.document import Code

_CHAPTER = ((f"{LAB}.3.2.1", None), (f"{SECTION}.70", None))
_PART = ((f"{LAB}.3.2.2", None), (f"{SECTION}.71", None))


def _title(part: Chapter | SubChapter) -> str:
    return part.title or part.code.display or part.code.code


def _part(part: SubChapter, prefix: str, sampled: str, ids: Ids) -> _Element:
    return section(
        part.code,
        _title(part),
        _PART,
        narrative=chapter_text(part.items, part.comment, prefix),
        entries=(chapter_entry(part.code, part.items, prefix, sampled, ids),),
    )


def _chapter(chapter: Chapter, prefix: str, sampled: str, ids: Ids) -> _Element:
    if chapter.parts:
        parts = (
            _part(part, f"{prefix}s{number}", sampled, ids)
            for number, part in enumerate(chapter.parts)
        )
        return section(chapter.code, _title(chapter), _CHAPTER, subsections=parts)
    return section(
        chapter.code,
        _title(chapter),
        _CHAPTER,
        narrative=chapter_text(chapter.items, chapter.comment, prefix),
        entries=(chapter_entry(chapter.code, chapter.items, prefix, sampled, ids),),
    )


def write_laboratory(body: LaboratoryBody, ids: Ids) -> _Element:
    """The component with the structured body; ``ids`` gives the id of an entry by its label."""
    chapters = (
        _chapter(chapter, f"c{number}", body.sampled, ids)
        for number, chapter in enumerate(body.chapters)
    )
    return structured(*chapters, comment(body.comment, ids), pdf_copy(body.pdf, ids))


LABORATORY = BodyKind(
    body=LaboratoryBody,
    templates=((f"{LAB}.3", None), (f"{MODEL}.55", "2024.01")),
    write=write_laboratory,
    type=Code(LOINC, "11502-2", "CR d'examens biologiques"),
    title="Compte rendu d'examens biologiques",
    header=HeaderRules(
        performer=f"{LAB}.3.1.7",
        prescriber=f"{LAB}.3.1.6",
        recipient=f"{LAB}.3.1.4",
        authenticator=f"{LAB}.3.1.5",
        performer_time=True,
        performer_at_work=True,
        responsible_coded=True,
    ),
)
