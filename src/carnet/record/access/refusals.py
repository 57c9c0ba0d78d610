"""Decisions put into words: errors of the catalogue for those who are refused, and explanations."""

from __future__ import annotations

from carnet.record.access.model import Decision, Reason
from carnet.record.catalogue.access import ENTRIES
from carnet.record.errors import CarnetError

DOCUMENT_ABSENT = "document-absent"

CODES: dict[Reason, str] = {
    Reason.CONSENT_MISSING: "consent-missing",
    Reason.CONSENT_EXPIRED: "consent-expired",
    Reason.REFUSED_BY_PATIENT: "refused-by-patient",
    Reason.RECORD_CLOSED: "record-closed",
    Reason.RECORD_OPPOSED: "record-opposed",
    Reason.RECORD_ABSENT: "record-absent",
    Reason.NOT_YOUR_RECORD: "not-your-record",
    Reason.MATRIX: DOCUMENT_ABSENT,
    Reason.HIDDEN: DOCUMENT_ABSENT,
    Reason.PROFESSION_CLOSED: "profession-closed",
    Reason.INDIRECT_READING: "indirect-reading",
    Reason.BREAK_GLASS_REFUSED: "break-glass-refused",
    Reason.REGULATION_REFUSED: "regulation-refused",
    Reason.REASON_REQUIRED: "reason-required",
    Reason.NOT_ENTITLED: "not-entitled",
}
"""Refusing reason → code of the catalogue."""

# Reasons that permit, and the two whose truth is for the operator's eyes alone.
_SENTENCES: dict[Reason, tuple[str, str]] = {
    Reason.OWN_RECORD: (
        "Il s'agit de votre propre dossier.",
        "This is your own record.",
    ),
    Reason.REPRESENTATIVE: (
        "Vous représentez cette personne : parent, protection juridique ou délégation.",
        "You represent this person: as a parent, by a judgment or by delegation.",
    ),
    Reason.PHYSICIAN: (
        "Le patient vous a déclaré comme son médecin traitant.",
        "The patient declared you as their médecin traitant.",
    ),
    Reason.AUTHOR: (
        "Vous agissez sur les documents dont vous, ou votre établissement, êtes l'auteur.",
        "You act on documents of which you, or your structure, are the author.",
    ),
    Reason.AUTHORISED: (
        "Le patient a donné son accord, et votre profession ouvre ce type de document.",
        "The patient consented, and your profession opens this type of document.",
    ),
    Reason.FEEDING: (
        "Vous prenez en charge cette personne : vous alimentez son dossier sans le consulter.",
        "You treat this person: you feed their record without reading it.",
    ),
    Reason.BREAK_GLASS: (
        "Accès en urgence (bris de glace) : le patient et son médecin traitant sont prévenus.",
        "Emergency access (break-glass): the patient and their médecin traitant are told.",
    ),
    Reason.REGULATION: (
        "Accès du médecin régulateur (Centre 15) pour l'appel en cours.",
        "Access of the regulating doctor (Centre 15) for the call at hand.",
    ),
    Reason.OPERATOR: (
        "Acte de l'opérateur du service.",
        "Act of the operator of the service.",
    ),
    Reason.MACHINE: (
        "Traitement automatique de Carnet, qui ne montre rien à personne.",
        "Automatic work of Carnet, which shows nothing to anyone.",
    ),
    Reason.EXISTENCE: (
        "Vous pouvez savoir si un dossier existe, son état, et où en est votre autorisation.",
        "You may know whether a record exists, its state, and how your authorisation stands.",
    ),
    Reason.OPENING: (
        "Vous pouvez ouvrir un dossier pour la personne que vous prenez en charge.",
        "You may open a record for the person whom you treat.",
    ),
    Reason.ATTESTING: (
        "Vous pouvez attester l'accord que le patient vous a donné.",
        "You may attest the consent that the patient gave you.",
    ),
    Reason.HIDDEN: (
        "Ce document est masqué à cet acteur, pour qui il n'existe pas.",
        "This document is hidden from this actor, for whom it does not exist.",
    ),
    Reason.MATRIX: (
        "La matrice d'habilitation n'ouvre pas ce type de document à cette profession.",
        "The access matrix does not open this type of document to this profession.",
    ),
}


def refusal(decision: Decision) -> CarnetError:
    """The error of the catalogue that tells a refusing decision to the caller.

    What the caller may not see (``hidden``, ``matrix``) becomes ``document-absent``, the same error
    as for a document that does not exist. Raises ``ValueError`` for a decision that permits.
    """
    if decision.permitted:
        raise ValueError(f"{decision.rule} permits: there is nothing to refuse")
    return CarnetError(CODES[decision.reason])


def explain(decision: Decision) -> tuple[str, str]:
    """Why a decision fell as it did, in French and in English.

    The true reason, also of what is hidden: for the operator's tools, and for callers whose
    decision permits. A refused caller is told what ``refusal`` says, nothing else.
    """
    if decision.reason in _SENTENCES:
        return _SENTENCES[decision.reason]
    entry = ENTRIES[CODES[decision.reason]]
    return entry.french, entry.english
