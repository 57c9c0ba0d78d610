"""Imaging reports: an examination of the nomenclature and its words."""

from __future__ import annotations

from carnet.formats.cda.build import Coded, Exam, ImagingBody, Order
from carnet.formats.pdf import render_letter
from carnet.population import model
from carnet.population.codes import Act, entry
from carnet.population.systems import ccam_of, loinc_of, modality_of
from carnet.population.writing.context import Context, cda_time, oid_of
from carnet.population.writing.digest import number_from
from carnet.population.writing.french import short_date
from carnet.population.writing.made import Made
from carnet.population.writing.paper import encoded, page
from carnet.record.identity import Identifier


def _printed(context: Context, content: model.Imaging, number: str) -> bytes:
    """Indication, technique, what was seen; the conclusion comes last, where readers look."""
    parts: list[str] = []
    findings, conclusion = _concluded(content)
    for head, texts in (
        ("Indication", content.indication),
        ("Technique", content.technique),
        ("Comparaison", (content.comparison,) if content.comparison else ()),
        ("Résultat", findings),
        ("Conclusion", conclusion),
    ):
        if texts:
            parts += [f"# {head}", *texts]
    fields = (("N° d'examen", number), ("Date de l'examen", short_date(context.day)))
    return render_letter(page(context, tuple(parts), fields=fields))


def _accession(context: Context, known: Act) -> str:
    """The number that an imaging department gives an examination."""
    number = number_from(f"{context.paper}/accession") % 10**6
    return f"{known.modality or 'RX'}{context.day.year % 100:02d}{number:06d}"


def _concluded(content: model.Imaging) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Findings and conclusion; where nobody concluded, the last finding stands for it."""
    if content.conclusion:
        return content.findings, content.conclusion
    return content.findings[:-1], content.findings[-1:]


def write(context: Context, content: model.Imaging) -> Made:
    """A report of one examination with its copy on paper, or the paper alone."""
    known = entry(Act, content.exam)
    number = _accession(context, known)
    pdf = _printed(context, content, number)
    accession = Identifier(oid_of(f"{context.paper}/accession"), number)
    orders = (Order(Identifier(oid_of(f"{context.name}/order")), accession),)
    ccam = ccam_of(known)
    exam = Exam(
        act=Coded(
            code=loinc_of(known.loinc),
            text=known.label,
            translations=() if ccam is None else (ccam,),
        ),
        modality=modality_of(known),
        site=Coded(text=known.region or known.label),
        time=cda_time(context.document.at),
        technique=content.technique or ("Selon le protocole habituel de l'examen.",),
    )
    findings, conclusion = _concluded(content)
    body = ImagingBody(
        exams=(exam,),
        conclusion=conclusion,
        indication=content.indication,
        findings=findings,
        comparison=() if content.comparison is None else (content.comparison,),
        pdf=pdf,
    )
    return Made(
        body=encoded(pdf) if context.document.as_pdf else body,
        act=loinc_of(known.loinc),
        act_translations=exam.translations,
        orders=orders,
    )
