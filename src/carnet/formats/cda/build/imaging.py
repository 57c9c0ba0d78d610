"""The level 3 body of an imaging report (CI-SIS IMG-CR-IMG 2024.01, DICOM PS3.20)."""

from __future__ import annotations

from lxml.etree import _Element

from carnet.formats.cda.build.header_acts import DICOM
from carnet.formats.cda.build.imaging_model import Addendum, Exam, ImagingBody, Study
from carnet.formats.cda.build.kind import BodyKind, Ids
from carnet.formats.cda.build.narrative import Cell, Words, paragraphs, table, text
from carnet.formats.cda.build.oids import CCD, DCM, ENTRY, MODEL, PS3_20, SECTION
from carnet.formats.cda.build.sections import pdf_copy, section, structured
from carnet.formats.cda.build.statements import author, coded_as, templates, text_reference
from carnet.formats.cda.build.values import Coded
from carnet.formats.cda.build.xml import LOINC, append, element, identified, moment
from carnet.record.document import Code
from carnet.record.errors import CarnetError
from carnet.record.identity import Identifier

_HEADS = ("Acte d'imagerie", "Description de l'acte", "Modalité d'imagerie", "Localisation")


def _named(coded: Coded) -> str:
    """The words of an act with the codes of its translations, as readers of reports know them."""
    codes = ", ".join(code.code for code in coded.translations)
    return f"{coded.words} ({codes})" if codes else coded.words


def _procedure(exam: Exam, prefix: str, ids: Ids) -> _Element:
    """The act (D.14, F.3.153): what was done, when, by which modality, where on the body."""
    made = element(
        "procedure",
        *templates((f"{PS3_20}.14", f"{ENTRY}.153")),
        identified(Identifier(ids(prefix))),
        coded_as("code", exam.act, prefix),
        text_reference(f"{prefix}-technique"),
        moment("effectiveTime", exam.time),
        coded_as("methodCode", exam.modality, f"{prefix}-modality"),
        coded_as("targetSiteCode", exam.site, f"{prefix}-site"),
        attrs={"classCode": "PROC", "moodCode": "EVN"},
    )
    return element("entry", made)


def _study(study: Study) -> tuple[Cell, ...]:
    return study.uid, ""


def _catalogue(exam: Exam, prefix: str, ids: Ids) -> _Element:
    """The catalogue of DICOM objects (C.6.1.1, F.2.217): studies and where they are shown."""
    shown = table(("Examen (Study Instance UID)", "Images"), [_study(s) for s in exam.studies])
    for cells, study in zip(shown[-1], exam.studies, strict=True):
        if study.link is not None:
            cells[1].append(element("linkHtml", "Voir les images", attrs={"href": study.link}))
    words = text(shown) if exam.studies else paragraphs(("Aucune image référencée.",))
    return section(
        Code(DCM, "121181", "Catalogue d'objets DICOM"),
        "Catalogue d'objets DICOM",
        ((f"{CCD}.6.1.1", None), (f"{SECTION}.217", None)),
        identifier=ids(f"{prefix}-catalogue"),
        narrative=words,
    )


def _exam(exam: Exam, number: int, ids: Ids) -> _Element:
    prefix = f"act-{number}"
    cells: tuple[Cell, ...] = (
        Words(_named(exam.act), prefix),
        Words("\n".join(exam.technique), f"{prefix}-technique"),
        Words(exam.modality.words, f"{prefix}-modality"),
        Words(exam.site.words, f"{prefix}-site"),
    )
    return section(
        Code(LOINC, "55111-9", "Description de l'acte d'imagerie"),
        "Technique d'imagerie",
        ((f"{PS3_20}.3", None), (f"{SECTION}.206", None)),
        identifier=ids(f"{prefix}-section"),
        narrative=text(table(_HEADS, (cells,))),
        entries=(_procedure(exam, prefix, ids),),
        subsections=(_catalogue(exam, prefix, ids),),
    )


def _words(
    label: str, code: Code, title: str, roots: tuple[str, str], texts: tuple[str, ...], ids: Ids
) -> _Element | None:
    """A section of paragraphs; nothing where there are none."""
    if not texts:
        return None
    pairs = tuple((root, None) for root in roots)
    return section(code, title, pairs, identifier=ids(label), narrative=paragraphs(texts))


def _indication(texts: tuple[str, ...], ids: Ids) -> _Element | None:
    """Clinical information (D.2, F.2.205) with the request (D.7, F.2.211) in it."""
    code = Code(LOINC, "55115-0", "Demande")
    roots = (f"{PS3_20}.7", f"{SECTION}.211")
    request = _words("request", code, "Justification de la demande d'examen", roots, texts, ids)
    if request is None:
        return None
    return section(
        Code(LOINC, "55752-0", "Informations cliniques"),
        "Informations cliniques",
        ((f"{PS3_20}.2", None), (f"{SECTION}.205", None)),
        identifier=ids("clinical"),
        subsections=(request,),
    )


def _addendum(addendum: Addendum | None, ids: Ids) -> _Element | None:
    """What was added later (D.6, F.2.210), and who added it."""
    if addendum is None:
        return None
    code = Code(LOINC, "55107-7", "Addendum")
    roots = ((f"{PS3_20}.6", None), (f"{SECTION}.210", None))
    words = paragraphs(addendum.texts)
    made = section(code, "Addendum", roots, identifier=ids("addendum"), narrative=words)
    append(made[0], author(addendum.author, addendum.time))
    return made


def write_imaging(body: ImagingBody, ids: Ids) -> _Element:
    """The component with the structured body.

    Raises ``CarnetError('cda-element-missing')`` without an examination or without conclusion.
    """
    if not body.exams or not body.conclusion:
        raise CarnetError("cda-element-missing", "structuredBody/component/section")
    result = Code(LOINC, "59776-5", "Résultats de l'acte")
    earlier = Code(LOINC, "18834-2", "Examen de comparaison radiologique")
    conclusion = Code(LOINC, "19005-8", "Conclusions")
    seen = (f"{CCD}.6.1.2", f"{SECTION}.208")
    compared = (f"{PS3_20}.4", f"{SECTION}.207")
    concluded = (f"{PS3_20}.5", f"{SECTION}.209")
    return structured(
        _addendum(body.addendum, ids),
        _indication(body.indication, ids),
        *(_exam(exam, number, ids) for number, exam in enumerate(body.exams)),
        _words("findings", result, "Résultats", seen, body.findings, ids),
        _words("comparison", earlier, "Examens comparatifs", compared, body.comparison, ids),
        _words("conclusion", conclusion, "Conclusion", concluded, body.conclusion, ids),
        None if body.pdf is None else pdf_copy(body.pdf, ids),
    )


IMAGING = BodyKind(
    body=ImagingBody,
    templates=(
        (f"{PS3_20}.1", None),
        (f"{PS3_20}.20", None),
        (f"{PS3_20}.21", None),
        (f"{MODEL}.45", "2024.01"),
    ),
    write=write_imaging,
    type=Code(LOINC, "18748-4", "CR d'imagerie médicale"),
    namespaces={"ps3-20": DICOM},
)
