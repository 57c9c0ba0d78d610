"""The level 3 body of a medical synthesis (CI-SIS VSM 2023.01): sections within sections."""

from __future__ import annotations

from lxml.etree import _Element

from carnet.formats.cda.build.kind import BodyKind, Ids
from carnet.formats.cda.build.narrative import paragraphs
from carnet.formats.cda.build.oids import CCD, MODEL, PCC, SECTION
from carnet.formats.cda.build.problems import allergy_section, problem_section
from carnet.formats.cda.build.sections import section, structured
from carnet.formats.cda.build.synthesis_model import SynthesisBody
from carnet.formats.cda.build.treatments import treatment_section
from carnet.formats.cda.build.xml import LOINC
from carnet.record.document import Code

_NOT_STATED = ("Pas d'information",)


def _conclusions(body: SynthesisBody, ids: Ids) -> _Element:
    """Problems, history and allergies, then the risks (F.2.29)."""
    return section(
        Code(LOINC, "46612-8", "Conclusions de synthèse"),
        "Pathologies en cours, antécédents, allergies et facteurs de risque",
        ((f"{SECTION}.29", None),),
        identifier=ids("conclusions"),
        subsections=(_clinical(body, ids), _risks(body, ids)),
    )


def _clinical(body: SynthesisBody, ids: Ids) -> _Element:
    return section(
        Code(LOINC, "34117-2", "Historique et physique"),
        "Pathologies en cours, antécédents et allergies",
        ((f"{SECTION}.30", None),),
        identifier=ids("clinical"),
        subsections=(
            problem_section(
                body.problems,
                Code(LOINC, "11450-4", "Liste des problèmes actifs"),
                "Pathologies en cours",
                ((f"{CCD}.1.11", None), (f"{PCC}.3.6", None), (f"{SECTION}.132", None)),
                "problem",
                ids,
                over=False,
            ),
            problem_section(
                body.history,
                Code(LOINC, "11348-0", "Antécédents médicaux"),
                "Antécédents médicaux",
                ((f"{PCC}.3.8", None), (f"{SECTION}.134", None)),
                "history",
                ids,
                over=True,
            ),
            allergy_section(body.allergies, "Allergies et hypersensibilités", ids),
        ),
    )


def _risks(body: SynthesisBody, ids: Ids) -> _Element:
    return section(
        Code(
            LOINC,
            "57207-3",
            "Facteurs de risque présents ou passés affectant l'état de santé",
        ),
        "Facteurs de risque",
        ((f"{SECTION}.31", None),),
        identifier=ids("risk"),
        narrative=paragraphs(body.risks or _NOT_STATED, "risk"),
    )


def _vigilance(body: SynthesisBody, ids: Ids) -> _Element:
    return section(
        Code(LOINC, "30954-2", "Résultats d'examens"),
        "Points de vigilance",
        ((f"{PCC}.3.27", None), (f"{SECTION}.150", None)),
        identifier=ids("vigilance"),
        narrative=paragraphs(body.vigilance or _NOT_STATED, "vigilance"),
    )


def _plan(body: SynthesisBody, ids: Ids) -> _Element:
    """The treatments taken for long (F.2.32)."""
    return section(
        Code(LOINC, "18776-5", "Plan de traitement"),
        "Traitements au long cours",
        ((f"{SECTION}.32", None),),
        identifier=ids("plan"),
        subsections=(
            treatment_section(
                body.treatments,
                Code(LOINC, "10160-0", "Traitements"),
                "Traitements",
                ((f"{CCD}.1.8", None), (f"{PCC}.3.19", None), (f"{SECTION}.143", None)),
                "treatment",
                ids,
            ),
        ),
    )


def write_synthesis(body: SynthesisBody, ids: Ids) -> _Element:
    """The component with the structured body."""
    return structured(_conclusions(body, ids), _vigilance(body, ids), _plan(body, ids))


SYNTHESIS = BodyKind(
    body=SynthesisBody,
    templates=((f"{MODEL}.13", "2023.01"),),
    write=write_synthesis,
    type=Code("1.2.250.1.213.1.1.4.12", "SYNTH", "Synthèse"),
    main_act=Code(LOINC, "34117-2", "Historique et clinique"),
)
