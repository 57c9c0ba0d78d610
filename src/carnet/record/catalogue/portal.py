"""Refusals of the portals: pages, forms, and what pages need to be shown."""

from __future__ import annotations

from carnet.record.errors import ErrorEntry, ErrorKind

ENTRIES: dict[str, ErrorEntry] = {
    "page-unknown": ErrorEntry(
        ErrorKind.ABSENT,
        "not-found",
        "Cette page n'existe pas, ou n'existe plus.",
        "This page does not exist, or no longer does.",
        "Vérifiez l'adresse, ou repartez de l'accueil.",
        "Check the address, or start again from the first page.",
    ),
    "page-method": ErrorEntry(
        ErrorKind.METHOD,
        "not-supported",
        "Cette page ne fait pas ce qui lui est demandé.",
        "This page does not do what is asked of it.",
        "Revenez à la page précédente et recommencez.",
        "Go back to the page before and try again.",
    ),
    "page-origin": ErrorEntry(
        ErrorKind.FORBIDDEN,
        "security",
        "Cette demande ne vient pas d'une page de Carnet : elle a été arrêtée.",
        "This request does not come from a page of Carnet: it was stopped.",
        "Ouvrez Carnet vous-même, et refaites-y ce que vous vouliez faire.",
        "Open Carnet yourself, and do there what you wanted to do.",
    ),
    "form-unreadable": ErrorEntry(
        ErrorKind.SYNTAX,
        "structure",
        "Le formulaire envoyé ne peut pas être lu.",
        "The form that was sent cannot be read.",
        "Rechargez la page et remplissez le formulaire à nouveau.",
        "Reload the page and fill in the form again.",
    ),
    "form-too-large": ErrorEntry(
        ErrorKind.TOO_LARGE,
        "too-long",
        "Le formulaire envoyé est trop long : {limit} Kio au plus.",
        "The form that was sent is too long: at most {limit} KiB.",
        "Raccourcissez ce que vous avez écrit, puis envoyez-le à nouveau.",
        "Shorten what you wrote, then send it again.",
    ),
    "form-choice": ErrorEntry(
        ErrorKind.RULE,
        "value",
        "Une réponse du formulaire n'est pas parmi celles qui sont proposées.",
        "An answer of the form is not among those that are offered.",
        "Rechargez la page et choisissez parmi les réponses proposées.",
        "Reload the page and choose among the answers that are offered.",
    ),
    "portal-assets-missing": ErrorEntry(
        ErrorKind.BUSY,
        "transient",
        "Les pages ne peuvent pas être montrées : des fichiers manquent à cette installation de "
        "Carnet. Rien n'est perdu, et les logiciels continuent d'être servis.",
        "Pages cannot be shown: files are missing from this installation of Carnet. Nothing is "
        "lost, and software continues to be served.",
        "Qui tient ce serveur lance « make assets », puis redémarre Carnet.",
        'Whoever runs this server runs "make assets", then restarts Carnet.',
    ),
}
