"""An imaging report in values: examinations, what was seen, what it is compared with, conclusion.

Each group of words is a tuple of paragraphs.
"""

from __future__ import annotations

import msgspec

from carnet.formats.cda.build.oids import DCM
from carnet.formats.cda.build.people_model import Actor
from carnet.formats.cda.build.values import Coded, StructuredBody, Translation
from carnet.formats.cda.build.xml import LOINC
from carnet.record.document import Code

MODALITY = Code(DCM, "121139", "Modalité d'imagerie")
"""Qualifies a translation of the main act that names the modality."""

ANATOMIC_SITE = Code(LOINC, "39111-0", "localisation anatomique")
"""Qualifies a translation of the main act that names the place on the body."""


class Study(msgspec.Struct, frozen=True):
    """A DICOM study of an examination: Study Instance UID, and where its images are shown."""

    uid: str
    link: str | None = None


class Exam(msgspec.Struct, frozen=True):
    """One examination: LOINC code (with CCAM as translation), modality (DCM), site (SNOMED CT).

    ``time`` is a CDA timestamp. ``technique`` says how it was done. An examination without
    ``studies`` says in its catalogue that no images are referred to.
    """

    act: Coded
    modality: Coded
    site: Coded
    time: str
    technique: tuple[str, ...]
    studies: tuple[Study, ...] = ()

    @property
    def translations(self) -> tuple[Translation, ...]:
        """The translations of the main act: CCAM, modality, site, as far as codes are known."""
        acts = tuple(Translation(code) for code in self.act.translations)
        said = ((self.modality.code, MODALITY), (self.site.code, ANATOMIC_SITE))
        return acts + tuple(Translation(code, kind) for code, kind in said if code is not None)


class Addendum(msgspec.Struct, frozen=True):
    """What was added after the report was signed, by whom and when."""

    texts: tuple[str, ...]
    author: Actor
    time: str


class ImagingBody(StructuredBody, frozen=True):
    """The structured body: at least one examination, and a conclusion; the rest where there is any.

    ``indication`` says why the examination was asked for, ``findings`` what was seen,
    ``comparison`` with which earlier examination it was compared. ``pdf`` is a copy of the report.
    """

    exams: tuple[Exam, ...]
    conclusion: tuple[str, ...]
    indication: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    comparison: tuple[str, ...] = ()
    addendum: Addendum | None = None
    pdf: bytes | None = None
