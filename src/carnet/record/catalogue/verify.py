"""What the check of a whole store finds: damage, what it mended, what is worth knowing.

A finding says in words what is wrong; the record and the place stand beside the words.
"""

from __future__ import annotations

from carnet.record.errors import ErrorEntry, ErrorKind

_RESTORE = (
    (
        "Ne remettez pas le magasin en service sans enquête : gardez-en une copie telle quelle, "
        "puis restaurez ce dossier depuis la dernière sauvegarde saine."
    ),
    (
        "Do not put the store back to use without an inquiry: keep a copy as it is, then restore "
        "this record from the last sound backup."
    ),
)
_INQUIRE = (
    (
        "Quelqu'un qui écrit dans la base sans passer par Carnet a pu faire cela : gardez une "
        "copie du magasin et voyez qui y avait accès."
    ),
    (
        "Somebody who writes to the database without Carnet may have done this: keep a copy of "
        "the store and look who had access to it."
    ),
)
_NOTHING = ("Rien n'est à faire.", "Nothing is to be done.")
_RUN_AGAIN = (
    "Relancez « carnet verify » sans « --no-repair » pour réparer.",
    "Run carnet verify again without --no-repair to mend it.",
)


def _found(french: str, english: str, remedies: tuple[str, str] = _INQUIRE) -> ErrorEntry:
    return ErrorEntry(ErrorKind.DEFECT, "exception", french, english, *remedies)


_RECORDS: dict[str, ErrorEntry] = {
    "verify-record-lost": _found(
        "La ligne du dossier a disparu, alors que des traces ou des documents en restent.",
        "The record's row is gone, while traces or documents of it are left.",
        _RESTORE,
    ),
    "verify-record-unreadable": _found(
        "Le dossier contient une valeur que Carnet n'écrit pas : il n'a pas pu être lu en entier.",
        "The record holds a value that Carnet does not write: it could not be read in full.",
        _RESTORE,
    ),
    "verify-database-broken": _found(
        "Une base de données ne se lit pas jusqu'au bout : son fichier est endommagé.",
        "A database cannot be read to its end: its file is damaged.",
        _RESTORE,
    ),
    "verify-key-absent": _found(
        "La clé du dossier a disparu : plus rien de ce qu'il contient ne s'ouvre.",
        "The record's key is gone: nothing that it holds opens any more.",
        _RESTORE,
    ),
    "verify-key-broken": _found(
        "La clé du dossier ne s'ouvre pas sous celle de son groupe : elle a été altérée.",
        "The record's key does not open under its bucket's: it was altered.",
        _RESTORE,
    ),
    "verify-key-left": _found(
        "Le dossier est effacé, mais sa clé existe encore : l'effacement n'est pas achevé.",
        "The record is erased but its key still stands: the erasure is not complete.",
    ),
    "verify-key-unused": _found(
        "{count} clé(s) ne servent à aucun dossier, après des ouvertures interrompues.",
        "{count} key(s) belong to no record, after openings that were broken off.",
        _NOTHING,
    ),
    "verify-life-broken": _found(
        "Les actes de la vie du dossier ne s'ouvrent pas : la ligne a été altérée ou vient d'un "
        "autre dossier.",
        "The acts of the record's life do not open: the row was altered or is of another record.",
        _RESTORE,
    ),
    "verify-state-differs": _found(
        "L'état du dossier ({value}) n'est pas celui où mènent ses actes ({expected}).",
        "The record's state ({value}) is not the one that its acts lead to ({expected}).",
    ),
    "verify-settings-differ": _found(
        "Les réglages du dossier ({value}) ne sont ceux d'aucun acte du citoyen.",
        "The record's settings ({value}) come from no act of the citizen.",
    ),
    "verify-count-differs": _found(
        "Le compteur {column} du dossier vaut {value} ; il devrait valoir {expected}.",
        "The record's counter {column} is {value}; it should be {expected}.",
    ),
    "verify-identity-absent": _found(
        "Il manque une version de l'identité du dossier.",
        "A version of the record's identity is missing.",
        _RESTORE,
    ),
    "verify-identity-broken": _found(
        "Une version de l'identité ne s'ouvre pas : elle a été altérée ou vient d'un autre "
        "dossier.",
        "A version of the identity does not open: it was altered or is of another record.",
        _RESTORE,
    ),
    "verify-tie-broken": _found(
        "Un lien avec un acteur ne s'ouvre pas : il a été altéré, ajouté ou vient d'un autre "
        "dossier.",
        "A tie with an actor does not open: it was altered, added, or is of another record.",
    ),
    "verify-tie-differs": _found(
        "La colonne {column} d'un lien n'est pas ce que le lien scellé dit.",
        "The column {column} of a tie is not what the sealed tie says.",
    ),
    "verify-tie-count": _found(
        "Les traces disent {told} acte(s) sur les liens « {kind} », les liens en portent "
        "{standing} : un lien ou une trace a été supprimé ou remis à un état antérieur.",
        "Traces tell of {told} act(s) on ties of kind {kind}, the ties hold {standing}: a tie or a "
        "trace was deleted or put back to an earlier state.",
    ),
    "verify-author-unfounded": _found(
        "Un acteur est dit auteur d'un document du dossier, et ne l'est d'aucun.",
        "An actor is said to be author of a document of the record, and is of none.",
    ),
    "verify-author-absent": _found(
        "L'auteur d'un document n'est pas lié au dossier.",
        "The author of a document has no tie to the record.",
        _RUN_AGAIN,
    ),
    "verify-author-rebuilt": _found(
        "L'auteur d'un document n'était pas lié au dossier : le lien est refait.",
        "The author of a document had no tie to the record: it is made again.",
        _NOTHING,
    ),
    "verify-part-unfounded": _found(
        "Une fusion nomme un dossier qui n'existe pas.",
        "A merge names a record that does not exist.",
    ),
}

_ENTRIES: dict[str, ErrorEntry] = {
    "verify-page-broken": _found(
        "Une page ne s'ouvre pas : elle a été altérée ou vient d'un autre dossier.",
        "A page does not open: it was altered or is of another record.",
        _RESTORE,
    ),
    "verify-slot-absent": _found(
        "Un document n'est pas sur sa page.",
        "A document is not on its page.",
        _RESTORE,
    ),
    "verify-entry-lost": _found(
        "La ligne d'un document a disparu.",
        "The row of a document is gone.",
        _RESTORE,
    ),
    "verify-column-differs": _found(
        "La colonne {column} d'un document n'est pas ce que sa page scellée dit.",
        "The column {column} of a document is not what its sealed page says.",
    ),
    "verify-latest-wrong": _found(
        "Un document n'a pas exactement une version courante, la plus récente.",
        "A document does not have exactly one current version, the newest.",
    ),
    "verify-replaced-current": _found(
        "Un document remplacé est encore donné comme courant.",
        "A replaced document still stands as current.",
    ),
    "verify-authors-differ": _found(
        "Les auteurs notés d'un document ({column}) ne sont pas ceux que ses métadonnées "
        "scellées nomment.",
        "The noted authors of a document ({column}) are not those that its sealed metadata name.",
    ),
    "verify-submission-broken": _found(
        "Un lot de soumission manque ou ne s'ouvre pas.",
        "A submission set is missing or does not open.",
        _RESTORE,
    ),
    "verify-derived-broken": _found(
        "Ce qui a été dérivé d'un document ne s'ouvre pas ou ne nomme aucun document.",
        "What was derived from a document does not open or names no document.",
    ),
    "verify-arranged-broken": _found(
        "Une correction d'épisode ou une marque de lecture ne s'ouvre pas : elle a été altérée, ou "
        "vient d'un autre dossier.",
        "A correction of an episode or a mark of what was seen does not open: it was altered, or "
        "is of another record.",
    ),
    "verify-awaited-unfounded": _found(
        "Un remplacement attendu ne correspond à aucun document du dossier.",
        "An awaited replacement is of no document of the record.",
    ),
    "verify-object-absent": _found(
        "Les octets d'un document ont disparu.",
        "The bytes of a document are gone.",
        _RESTORE,
    ),
    "verify-object-broken": _found(
        "Les octets d'un document ne s'ouvrent pas : ils ont été altérés, coupés ou viennent "
        "d'ailleurs ({part}).",
        "The bytes of a document do not open: they were altered, cut or are of another place "
        "({part}).",
        _RESTORE,
    ),
    "verify-object-differs": _found(
        "Les octets d'un document ne sont pas ceux que ses métadonnées disent ({column}).",
        "The bytes of a document are not those that its metadata tell of ({column}).",
        _RESTORE,
    ),
    "verify-object-orphan": _found(
        "Un fichier de document ne servait à aucun dossier : il est supprimé.",
        "A document's file belonged to no record: it is removed.",
        _NOTHING,
    ),
    "verify-object-unused": _found(
        "Un fichier de document ne sert à aucun dossier ; il est gardé, car il peut être ce qui "
        "reste de ce qui est endommagé, ou parce que rien ne doit être réparé.",
        "A document's file belongs to no record; it is kept, as it may be what is left of what is "
        "damaged, or because nothing is to be mended.",
        (
            "Réparez d'abord les dommages ; le fichier sera alors supprimé.",
            "Mend the damage first; the file will then be removed.",
        ),
    ),
    "verify-file-leftover": _found(
        "Un fichier à moitié écrit, laissé par un arrêt brutal, est supprimé.",
        "A half-written file, left by a crash, is removed.",
        _NOTHING,
    ),
    "verify-file-unfinished": _found(
        "Un fichier à moitié écrit a été laissé par un arrêt brutal.",
        "A half-written file was left by a crash.",
        _RUN_AGAIN,
    ),
}

_TRACES: dict[str, ErrorEntry] = {
    "verify-trace-broken": _found(
        "Une trace ne s'ouvre pas : elle a été altérée ou vient d'un autre dossier.",
        "A trace does not open: it was altered or is of another record.",
    ),
    "verify-chain-gap": _found(
        "Des traces ont été supprimées au milieu d'une chaîne ({missing}).",
        "Traces were deleted from the middle of a chain ({missing}).",
    ),
    "verify-chain-link": _found(
        "Une trace ne suit pas celle qui la précède : l'une des deux a été altérée.",
        "A trace does not follow the one before it: one of the two was altered.",
    ),
    "verify-chain-cut": _found(
        "La fin d'une chaîne a été supprimée : le journal connaît la trace {seq}, la chaîne "
        "s'arrête à {last}.",
        "The end of a chain was deleted: the journal knows trace {seq}, the chain ends at {last}.",
    ),
    "verify-chain-rewritten": _found(
        "Une chaîne a été refaite : la trace {seq} n'est pas celle que le journal a notée.",
        "A chain was made anew: trace {seq} is not the one that the journal noted.",
    ),
    "verify-chain-unjournaled": _found(
        "Des traces ont été ajoutées sans Carnet : le journal ne connaît la chaîne que jusqu'à "
        "{known}.",
        "Traces were added without Carnet: the journal knows the chain only up to {known}.",
    ),
    "verify-trace-beyond": _found(
        "Une trace nomme le document {entry}, que le dossier n'a pas : la base des dossiers a été "
        "remise à un état antérieur, ou une ligne a disparu.",
        "A trace names document {entry}, which the record does not have: the database of records "
        "was put back to an earlier state, or a row is gone.",
        _RESTORE,
    ),
    "verify-trace-unlinked": _found(
        "Une trace renvoie à une autre, de l'autre chaîne du dossier, qui n'existe pas.",
        "A trace refers to one of the record's other chain that does not exist.",
    ),
    "verify-commitment-broken": _found(
        "La chaîne réservée n'a plus, à la trace {seq}, la tête qu'une trace de la chaîne ouverte "
        "a notée.",
        "The withheld chain no longer has, at trace {seq}, the head that a trace of the open chain "
        "noted.",
    ),
    "verify-evidence-absent": _found(
        "Aucune trace ne dit qui a déposé ou modifié ce document : la base des traces a été "
        "remise à un état antérieur, ou une trace a disparu.",
        "No trace tells who fed or changed this document: the database of traces was put back to "
        "an earlier state, or a trace is gone.",
    ),
    "verify-journal-unreadable": _found(
        "Une ligne du journal du nœud ne se lit pas.",
        "A row of the node's journal cannot be read.",
    ),
    "verify-journal-mac": _found(
        "Une ligne du journal du nœud ne porte pas le bon sceau : elle, ou la précédente, a été "
        "altérée.",
        "A row of the node's journal has a wrong seal: it, or the one before it, was altered.",
    ),
    "verify-journal-gap": _found(
        "Des lignes du journal du nœud ont été supprimées ({missing}).",
        "Rows of the node's journal were deleted ({missing}).",
    ),
    "verify-put-back": _found(
        "Le magasin a été remis à un état antérieur : le repère exporté connaît la ligne "
        "{seq} du journal, qui va jusqu'à {last} ({time}).",
        "The store was put back to an earlier state: the exported head knows row {seq} of the "
        "journal, which ends at {last} ({time}).",
        _RESTORE,
    ),
    "verify-put-back-since": _found(
        "Le magasin a été remis à un état antérieur, puis a repris : la ligne {seq} du journal "
        "({time}) n'est pas celle du repère exporté.",
        "The store was put back to an earlier state and went on: row {seq} of the journal ({time}) "
        "is not that of the exported head.",
        _RESTORE,
    ),
    "verify-event-late": _found(
        "Une suite à donner attend depuis plus d'un jour ({days} j) : le processus « carnet "
        "worker » tourne-t-il ?",
        "What is to follow a change has been waiting for more than a day ({days} d): does carnet "
        "worker run?",
        ("Lancez « carnet worker ».", "Start carnet worker."),
    ),
    "verify-event-traceless": _found(
        "La trace d'un acte que la base des dossiers connaît n'est dans aucune chaîne.",
        "The trace of an act that the database of records knows is in no chain.",
    ),
    "verify-event-broken": _found(
        "Un événement en attente est illisible, ou son numéro dépasse le compteur du dossier.",
        "A waiting event cannot be read, or its number is beyond the record's counter.",
    ),
    "verify-trace-completed": _found(
        "Un arrêt brutal avait séparé un acte de sa trace : la trace est écrite.",
        "A crash had parted an act from its trace: the trace is written.",
        _NOTHING,
    ),
}

_LINES: dict[str, ErrorEntry] = {
    "verify-line-absent": _found(
        "Une ligne d'annuaire manque ({directory}) : ce qu'elle désigne n'est pas trouvé.",
        "A directory line is missing ({directory}): what it names is not found.",
        _RUN_AGAIN,
    ),
    "verify-line-rebuilt": _found(
        "Une ligne d'annuaire manquait ({directory}) : elle est refaite.",
        "A directory line was missing ({directory}): it is made again.",
        _NOTHING,
    ),
    "verify-line-wrong": _found(
        "Une ligne d'annuaire ({directory}) mène ailleurs qu'à ce qu'elle désigne.",
        "A directory line ({directory}) leads elsewhere than to what it names.",
    ),
    "verify-line-stray": _found(
        "Une ligne d'annuaire ({directory}) désigne ce que le dossier n'a pas.",
        "A directory line ({directory}) names what the record does not have.",
    ),
    "verify-line-pending": _found(
        "Une ligne d'annuaire ({directory}) est réservée pour ce qui n'a pas été écrit.",
        "A directory line ({directory}) is reserved for what was not written.",
        _NOTHING,
    ),
}

_REFUSALS: dict[str, ErrorEntry] = {
    "anchor-unreadable": ErrorEntry(
        ErrorKind.SYNTAX,
        "structure",
        "Le fichier {name} n'est pas un repère de journal.",
        "The file {name} is no exported head of a journal.",
        "Donnez un fichier écrit par « carnet verify --export-anchor ».",
        "Give a file written by carnet verify --export-anchor.",
    ),
    "anchor-altered": ErrorEntry(
        ErrorKind.RULE,
        "invalid",
        "Le repère {name} a été altéré, ou vient d'un autre magasin.",
        "The exported head {name} was altered, or is of another store.",
        "Prenez la copie gardée ailleurs ; si elle dit autre chose, quelqu'un l'a changée.",
        "Take the copy that is kept elsewhere; if it says otherwise, somebody changed it.",
    ),
}

ENTRIES: dict[str, ErrorEntry] = {**_RECORDS, **_ENTRIES, **_TRACES, **_LINES, **_REFUSALS}
