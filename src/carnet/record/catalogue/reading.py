"""What a person is told when a document cannot be shown, or not as it stands.

The original is always offered beside these sentences: the remedies say what to do with it.
"""

from __future__ import annotations

from carnet.record.errors import ErrorEntry, ErrorKind

_OPEN_FRENCH = "Ouvrez le document d'origine."
_OPEN_ENGLISH = "Open the original document."


def _unread(french: str, english: str, issue: str = "processing") -> ErrorEntry:
    """Not shown at all: the remedy is the original."""
    return ErrorEntry(
        ErrorKind.UNSUPPORTED,
        issue,
        french,
        english,
        _OPEN_FRENCH,
        _OPEN_ENGLISH,
    )


def _partly(french: str, english: str) -> ErrorEntry:
    """Shown, but for a part: the remedy is the original for the rest."""
    return ErrorEntry(
        ErrorKind.UNSUPPORTED,
        "incomplete",
        french,
        english,
        "Pour voir le reste, ouvrez le document d'origine.",
        "To see the rest, open the original document.",
    )


ENTRIES: dict[str, ErrorEntry] = {
    "reading-too-slow": _unread(
        "Ce document demande trop de temps pour être affiché ici.",
        "This document takes too much time to be shown here.",
        "too-costly",
    ),
    "reading-too-much-memory": _unread(
        "Ce document demande trop de mémoire pour être affiché ici.",
        "This document needs too much memory to be shown here.",
        "too-costly",
    ),
    "reading-process-ended": _unread(
        "La lecture de ce document s'est arrêtée. Rien n'est perdu.",
        "Reading this document stopped. Nothing is lost.",
        "exception",
    ),
    "reading-busy": ErrorEntry(
        ErrorKind.BUSY,
        "throttled",
        "Trop de documents sont ouverts en même temps.",
        "Too many documents are being opened at once.",
        "Réessayez dans un instant, ou ouvrez le document d'origine.",
        "Try again in a moment, or open the original document.",
    ),
    "reading-type-unsupported": _unread(
        "Carnet ne sait pas afficher ce type de fichier ({type}).",
        "Carnet cannot show this type of file ({type}).",
        "not-supported",
    ),
    "reading-body-elsewhere": _unread(
        "Ce document ne contient pas son contenu : il indique seulement où le trouver.",
        "This document does not hold its content: it only says where to find it.",
        "not-found",
    ),
    "reading-file-absent": ErrorEntry(
        ErrorKind.ABSENT,
        "not-found",
        "Ce document ne contient pas le fichier demandé.",
        "This document does not hold the file asked for.",
        "Revenez au document et suivez un de ses liens.",
        "Go back to the document and follow one of its links.",
    ),
    "reading-page-absent": ErrorEntry(
        ErrorKind.ABSENT,
        "not-found",
        "Ce document n'a pas de page {page} : il en a {count}.",
        "This document has no page {page}: it has {count}.",
        "Choisissez une page qui existe.",
        "Choose a page that exists.",
    ),
    "reading-pdf-encrypted": _unread(
        "Ce PDF est protégé par un mot de passe. Carnet ne peut pas le lire.",
        "This PDF is protected by a password. Carnet cannot read it.",
        "security",
    ),
    "reading-pdf-broken": _unread(
        "Ce PDF est abîmé ou n'en est pas un.",
        "This PDF is damaged, or is none.",
        "structure",
    ),
    "reading-pdf-without-text": ErrorEntry(
        ErrorKind.UNSUPPORTED,
        "informational",
        "Le texte de ce PDF ne peut pas être copié ni lu à voix haute.",
        "The text of this PDF cannot be copied or read aloud.",
        "Lisez les pages à l'écran, ou demandez le texte à son auteur.",
        "Read the pages on the screen, or ask its author for the text.",
    ),
    "reading-pdf-actions-removed": ErrorEntry(
        ErrorKind.UNSUPPORTED,
        "informational",
        "Ce PDF contient des commandes automatiques. Carnet ne les exécute pas.",
        "This PDF holds commands that run by themselves. Carnet does not run them.",
        "Vous n'avez rien à faire. Méfiez-vous du document d'origine s'il vient d'un inconnu.",
        "You need do nothing. Be wary of the original document if a stranger sent it.",
    ),
    "reading-pdf-files-removed": _partly(
        "Ce PDF contient des fichiers joints, qui ne sont pas montrés ici.",
        "This PDF holds attached files, which are not shown here.",
    ),
    "reading-pdf-forms-removed": ErrorEntry(
        ErrorKind.UNSUPPORTED,
        "informational",
        "Ce PDF est un formulaire. Il est montré tel qu'il est rempli, sans pouvoir être changé.",
        "This PDF is a form. It is shown as it is filled in, and cannot be changed here.",
        "Pour le remplir, ouvrez le document d'origine.",
        "To fill it in, open the original document.",
    ),
    "reading-pdf-media-removed": _partly(
        "Ce PDF contient des sons ou des vidéos, qui ne sont pas montrés ici.",
        "This PDF holds sounds or videos, which are not shown here.",
    ),
    "reading-pdf-references-removed": _partly(
        "Une partie de ce PDF se trouve dans un autre fichier, que Carnet ne va pas chercher.",
        "A part of this PDF lies in another file, which Carnet does not fetch.",
    ),
    "reading-pdf-links-removed": _partly(
        "Les liens de ce PDF vers d'autres sites ({count}) ne sont pas actifs ici.",
        "The links of this PDF to other sites ({count}) do not work here.",
    ),
    "reading-image-broken": _unread(
        "Cette image est abîmée ou n'en est pas une.",
        "This picture is damaged, or is none.",
        "structure",
    ),
    "reading-image-too-large": _unread(
        "Cette image est trop grande pour être affichée ici ({width} × {height} points).",
        "This picture is too large to be shown here ({width} × {height} points).",
        "too-costly",
    ),
    "reading-image-reduced": _partly(
        "Cette image est affichée en plus petit que l'originale ({width} × {height} points).",
        "This picture is shown smaller than the original ({width} × {height} points).",
    ),
    "reading-image-first-only": _partly(
        "Cette image bouge : seule sa première vue est affichée.",
        "This picture moves: only its first view is shown.",
    ),
    "reading-text-cut": _partly(
        "Ce texte est très long : seul son début est affiché ({count} caractères).",
        "This text is very long: only its beginning is shown ({count} characters).",
    ),
    "reading-text-guessed": ErrorEntry(
        ErrorKind.UNSUPPORTED,
        "informational",
        "Ce texte ne dit pas comment ses accents sont écrits : certains peuvent être faux.",
        "This text does not say how its accents are written: some may be wrong.",
        "En cas de doute, ouvrez le document d'origine.",
        "In doubt, open the original document.",
    ),
    "reading-rtf-words-only": _partly(
        "Seuls les mots de ce document sont affichés, sans images, en-têtes ni mise en forme.",
        "Only the words of this document are shown, without pictures, headers or layout.",
    ),
    "reading-rtf-broken": _unread(
        "Ce document RTF est abîmé ou n'en est pas un.",
        "This RTF document is damaged, or is none.",
        "structure",
    ),
    "reading-narrative-cut": _partly(
        "Ce document est très long : seul son début est affiché ({rows} lignes de tableau).",
        "This document is very long: only its beginning is shown ({rows} table rows).",
    ),
    "reading-header-cut": _partly(
        "L'en-tête de ce document est très long : seul son début est affiché.",
        "The header of this document is very long: only its beginning is shown.",
    ),
    "reading-deleted-left-out": _partly(
        "Des passages que le document marque comme supprimés ne sont pas affichés ({count}).",
        "Passages that the document marks as deleted are not shown ({count}).",
    ),
    "reading-markup-left-out": _partly(
        "Des éléments qui ne sont pas du texte ne sont pas affichés ({count}).",
        "Elements that are no text are not shown ({count}).",
    ),
    "reading-direction-removed": _partly(
        "Des caractères invisibles qui changent l'ordre des lettres ont été retirés.",
        "Invisible characters that change the order of letters were taken out.",
    ),
    "reading-files-left-out": _partly(
        "Ce document contient trop de fichiers : certains ne sont pas proposés ({count}).",
        "This document holds too many files: some are not offered ({count}).",
    ),
}
