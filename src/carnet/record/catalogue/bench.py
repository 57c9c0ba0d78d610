"""Refusals of ``carnet bench``."""

from __future__ import annotations

from carnet.record.errors import ErrorEntry, ErrorKind

ENTRIES: dict[str, ErrorEntry] = {
    "bench-no-room": ErrorEntry(
        ErrorKind.RULE,
        "too-costly",
        "Il faut {needed} Mo de disque pour charger ces documents ; {free} Mo sont libres.",
        "Loading these documents takes {needed} MB of disk; {free} MB are free.",
        "Libérez de la place, donnez un autre répertoire (--data) ou moins de documents "
        "(--documents).",
        "Make room, name another directory (--data) or fewer documents (--documents).",
    ),
    "bench-broken-off": ErrorEntry(
        ErrorKind.RULE,
        "incomplete",
        "Le chargement du dépôt d'essai « {directory} » a été interrompu.",
        "Loading the test store {directory} was broken off.",
        "Supprimez ce répertoire et recommencez.",
        "Remove that directory and start again.",
    ),
    "bench-not-made": ErrorEntry(
        ErrorKind.RULE,
        "business-rule",
        "Le dépôt « {directory} » n'a pas été chargé par « carnet bench ».",
        "The store {directory} was not loaded by carnet bench.",
        "Donnez un répertoire vide, ou celui d'une mesure précédente.",
        "Name an empty directory, or that of an earlier run.",
    ),
    "bench-server-silent": ErrorEntry(
        ErrorKind.DEFECT,
        "exception",
        "Le serveur à mesurer n'a pas répondu : {detail}",
        "The server to be measured did not answer: {detail}",
        "Lisez ses lignes de journal ci-dessus.",
        "Read its log lines above.",
    ),
}
