"""Refusals of the access rules: sentences that a patient or a doctor understands.

``document-absent`` is also what a document hidden from the caller answers: what is hidden from
somebody does not exist for them, in errors either (domain §6). Its sentences must never tell why.
"""

from __future__ import annotations

from carnet.record.errors import ErrorEntry, ErrorKind

ENTRIES: dict[str, ErrorEntry] = {
    "consent-missing": ErrorEntry(
        ErrorKind.FORBIDDEN,
        "forbidden",
        "Le patient n'a pas encore donné son accord pour que vous consultiez son dossier.",
        "The patient has not yet consented to your reading their record.",
        "Informez le patient, recueillez son accord, puis attestez-le avant de consulter.",
        "Inform the patient, obtain their consent, then attest it before reading.",
    ),
    "consent-expired": ErrorEntry(
        ErrorKind.FORBIDDEN,
        "forbidden",
        "L'accord du patient pour que vous consultiez son dossier est arrivé à son terme.",
        "The patient's consent to your reading their record has come to its end.",
        "Recueillez de nouveau l'accord du patient, puis attestez-le avant de consulter.",
        "Obtain the patient's consent again, then attest it before reading.",
    ),
    "refused-by-patient": ErrorEntry(
        ErrorKind.FORBIDDEN,
        "forbidden",
        "L'accès à ce dossier est refusé par le patient.",
        "Access to this record is refused by the patient.",
        "Seul le patient peut revenir sur ce choix : parlez-en avec lui.",
        "Only the patient can change this choice: talk with them.",
    ),
    "record-closed": ErrorEntry(
        ErrorKind.FORBIDDEN,
        "forbidden",
        "Ce dossier est fermé : il n'est plus alimenté ni consulté.",
        "This record is closed: it is neither fed nor read any more.",
        "Le patient peut demander sa réouverture à tout moment ; il garde sa propre copie.",
        "The patient may ask for it to be reopened at any time; they keep their own copy.",
    ),
    "record-opposed": ErrorEntry(
        ErrorKind.FORBIDDEN,
        "forbidden",
        "Cette personne s'est opposée à avoir un dossier.",
        "This person has objected to having a record.",
        "Seule la personne peut retirer son opposition.",
        "Only the person can withdraw their objection.",
    ),
    "record-absent": ErrorEntry(
        ErrorKind.ABSENT,
        "not-found",
        "Cette personne n'a pas de dossier ouvert.",
        "This person has no open record.",
        "Vérifiez l'identité, ou ouvrez le dossier avec l'accord de la personne.",
        "Check the identity, or open the record with the person's consent.",
    ),
    "not-your-record": ErrorEntry(
        ErrorKind.FORBIDDEN,
        "forbidden",
        "Ce dossier n'est ni le vôtre ni celui d'une personne que vous représentez.",
        "This record is neither yours nor that of a person whom you represent.",
        "Ouvrez votre propre dossier, ou demandez à la personne de vous donner une délégation.",
        "Open your own record, or ask the person to give you a delegation.",
    ),
    "document-absent": ErrorEntry(
        ErrorKind.ABSENT,
        "not-found",
        "Ce document n'existe pas.",
        "This document does not exist.",
        "Vérifiez son identifiant, ou cherchez-le dans la liste des documents du dossier.",
        "Check its identifier, or look for it in the record's list of documents.",
    ),
    "fact-absent": ErrorEntry(
        ErrorKind.ABSENT,
        "not-found",
        "Aucun document ne dit cela aujourd'hui.",
        "No document says this today.",
        "Cherchez de nouveau dans le dossier : le document a pu être remplacé ou masqué.",
        "Search the record again: the document may have been replaced or hidden.",
    ),
    "profession-closed": ErrorEntry(
        ErrorKind.FORBIDDEN,
        "forbidden",
        "Votre profession ne donne pas accès au contenu des dossiers.",
        "Your profession gives no access to the content of records.",
        "Adressez-vous à un professionnel de santé qui suit cette personne.",
        "Turn to a health professional who follows this person.",
    ),
    "indirect-reading": ErrorEntry(
        ErrorKind.FORBIDDEN,
        "forbidden",
        "Un établissement qui s'identifie seul ne lit que ses propres documents.",
        "A structure that identifies itself without a person reads only its own documents.",
        "Un professionnel doit s'identifier lui-même pour consulter le dossier.",
        "A professional must identify themself to read the record.",
    ),
    "break-glass-refused": ErrorEntry(
        ErrorKind.FORBIDDEN,
        "forbidden",
        "L'accès en urgence (bris de glace) à ce dossier n'est pas possible.",
        "Emergency access (break-glass) to this record is not possible.",
        "Il est réservé aux professionnels de santé, et le patient peut s'y être opposé : "
        "consultez dans le cadre ordinaire, avec son accord.",
        "It is for health professionals, and the patient may have opposed it: "
        "read in the ordinary way, with their consent.",
    ),
    "regulation-refused": ErrorEntry(
        ErrorKind.FORBIDDEN,
        "forbidden",
        "L'accès de la régulation médicale (Centre 15) à ce dossier n'est pas possible.",
        "Access of the medical regulation (Centre 15) to this record is not possible.",
        "Il est réservé au médecin régulateur, et le patient peut s'y être opposé : "
        "consultez dans le cadre ordinaire, avec son accord.",
        "It is for the regulating doctor, and the patient may have opposed it: "
        "read in the ordinary way, with their consent.",
    ),
    "reason-required": ErrorEntry(
        ErrorKind.FORBIDDEN,
        "forbidden",
        "Cet accès exige un motif : il sera montré au patient et relu.",
        "This access needs a reason: it will be shown to the patient and reviewed.",
        "Indiquez en quelques mots pourquoi vous ouvrez ce dossier.",
        "Say in a few words why you open this record.",
    ),
    "not-entitled": ErrorEntry(
        ErrorKind.FORBIDDEN,
        "forbidden",
        "Vous n'avez pas le droit de faire cela sur ce dossier ou ce document.",
        "You are not entitled to do this to this record or document.",
        "Adressez-vous au patient, à l'auteur du document ou à son établissement.",
        "Turn to the patient, the author of the document or their structure.",
    ),
    "matrix-malformed": ErrorEntry(
        ErrorKind.SYNTAX,
        "structure",
        "Le fichier de la matrice d'habilitation n'a pas la forme attendue : {why}.",
        "The file of the access matrix does not have the expected form: {why}.",
        "Reprenez la forme du fichier fourni avec Carnet : son début l'explique.",
        "Keep the form of the file that comes with Carnet: its head explains it.",
    ),
}
