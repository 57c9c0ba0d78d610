"""Refusals of ``carnet backup`` and ``carnet restore``."""

from __future__ import annotations

from carnet.record.errors import ErrorEntry, ErrorKind

ENTRIES: dict[str, ErrorEntry] = {
    "backup-absent": ErrorEntry(
        ErrorKind.ABSENT,
        "not-found",
        "Il n'y a pas de sauvegarde de Carnet ici : {path}.",
        "There is no backup of Carnet here: {path}.",
        "Nommez le dossier donné à « carnet backup » ; les clés sont dans un dossier à part "
        "(--keys).",
        "Name the folder that was given to carnet backup; its keys lie in a folder apart (--keys).",
    ),
    "backup-unfinished": ErrorEntry(
        ErrorKind.CONFLICT,
        "incomplete",
        "La sauvegarde « {path} » n'a jamais été terminée.",
        "The backup {path} was never finished.",
        "Relancez « carnet backup » vers ce dossier : il reprend ce qui est copié.",
        "Run carnet backup to this folder again: it goes on from what is copied.",
    ),
    "backup-newer": ErrorEntry(
        ErrorKind.CONFLICT,
        "not-supported",
        "La sauvegarde « {path} » vient d'une version plus récente de Carnet.",
        "The backup {path} was made by a later version of Carnet.",
        "Installez cette version ou une plus récente.",
        "Install that version or a later one.",
    ),
    "backup-damaged": ErrorEntry(
        ErrorKind.CONFLICT,
        "incomplete",
        "La sauvegarde est abîmée : « {part} » manque, ou n'est plus ce qui a été écrit.",
        "The backup is damaged: {part} is missing, or no longer what was written.",
        "Prenez une autre sauvegarde. Si c'est un document (blobs/…), « --despite-damage » "
        "restaure tous les autres.",
        "Take another backup. If it is a document (blobs/…), --despite-damage restores all others.",
    ),
    "backup-foreign": ErrorEntry(
        ErrorKind.CONFLICT,
        "conflict",
        "« {path} » est la sauvegarde d'un autre dépôt, ou en tient l'autre moitié.",
        "{path} is the backup of another store, or holds the other half of one.",
        "Nommez un dossier vide, ou celui d'une sauvegarde précédente de ce dépôt.",
        "Name an empty folder, or that of an earlier backup of this store.",
    ),
    "backup-target-taken": ErrorEntry(
        ErrorKind.CONFLICT,
        "conflict",
        "« {path} » n'est pas vide et n'est pas une sauvegarde de Carnet.",
        "{path} is not empty and is no backup of Carnet.",
        "Nommez un dossier absent ou vide, ou celui d'une sauvegarde précédente.",
        "Name a folder that is absent or empty, or that of an earlier backup.",
    ),
    "backup-inside-store": ErrorEntry(
        ErrorKind.RULE,
        "business-rule",
        "« {path} » est dans le répertoire du dépôt : ce qui perdrait l'un perdrait l'autre.",
        "{path} lies in the store's own directory: what loses one would lose the other.",
        "Nommez un dossier ailleurs, sur un autre disque au mieux.",
        "Name a folder elsewhere, on another disk at best.",
    ),
    "backup-keys-not-apart": ErrorEntry(
        ErrorKind.RULE,
        "business-rule",
        "Les clés iraient avec les données : l'un des dossiers {path} et {other} contient l'autre.",
        "The keys would go with the data: one of the folders {path} and {other} holds the other.",
        "Donnez à --keys un dossier à part, dont les copies sont gardées 30 jours au plus.",
        "Give --keys a folder of its own, whose copies are kept 30 days at most.",
    ),
    "backup-no-room": ErrorEntry(
        ErrorKind.RULE,
        "too-costly",
        "Il faut {needed} Mo à « {path} » ; {free} Mo y sont libres. Rien n'a été commencé.",
        "It takes {needed} MB at {path}; {free} MB are free there. Nothing was begun.",
        "Libérez de la place ou nommez un autre disque.",
        "Make room, or name another disk.",
    ),
    "backup-busy": ErrorEntry(
        ErrorKind.BUSY,
        "lock-error",
        "Une autre sauvegarde ou restauration utilise « {path} ».",
        "Another backup or restoration is using {path}.",
        "Attendez sa fin.",
        "Wait until it ends.",
    ),
    "backup-io": ErrorEntry(
        ErrorKind.DEFECT,
        "exception",
        "« {path} » ne peut pas être lu ou écrit : {detail}.",
        "{path} cannot be read or written: {detail}.",
        "Vérifiez le disque, la place et les droits, puis recommencez ; une sauvegarde "
        "précédente est restée telle quelle.",
        "Check the disk, its room and the permissions, then start again; an earlier backup is "
        "left as it was.",
    ),
    "backup-store-locked": ErrorEntry(
        ErrorKind.BUSY,
        "lock-error",
        "Le dépôt n'a laissé aucun instant pour fixer la sauvegarde : {name} reste verrouillée.",
        "The store left no instant at which to fix the backup: {name} stays locked.",
        "Cherchez quel programme tient cette base, puis recommencez.",
        "Find the program that holds this database, then start again.",
    ),
    "backup-database-damaged": ErrorEntry(
        ErrorKind.DEFECT,
        "exception",
        "La base {name} du dépôt est abîmée : {detail}. Une sauvegarde précédente est restée "
        "telle quelle.",
        "The store's database {name} is damaged: {detail}. An earlier backup is left as it was.",
        "Gardez la dernière bonne sauvegarde, lancez « carnet verify », puis restaurez-la.",
        "Keep the last good backup, run carnet verify, then restore it.",
    ),
    "backup-keys-older": ErrorEntry(
        ErrorKind.CONFLICT,
        "conflict",
        "Les clés de « {path} » sont plus anciennes que les données : les dossiers ouverts entre "
        "les deux seraient illisibles.",
        "The keys in {path} are older than the data: records opened in between would be "
        "unreadable.",
        "Donnez à --keys les clés sauvegardées avec ces données, ou après.",
        "Give --keys the keys that were backed up with these data, or later.",
    ),
    "backup-engine": ErrorEntry(
        ErrorKind.CONFLICT,
        "conflict",
        "Cette sauvegarde est celle d'un dépôt {found} ; les réglages désignent {wanted}.",
        "This backup is of a {found} store; the settings mean {wanted}.",
        "Donnez database et keys_database pour un dépôt PostgreSQL, ni l'un ni l'autre pour un "
        "dépôt SQLite.",
        "Give database and keys_database for a PostgreSQL store, neither for an SQLite store.",
    ),
    "restore-database-taken": ErrorEntry(
        ErrorKind.CONFLICT,
        "conflict",
        "La base {place} n'est pas vide.",
        "The database {place} is not empty.",
        "Restaurez dans des bases neuves ; si une restauration interrompue l'a remplie, "
        "supprimez-la et recréez-la.",
        "Restore into new databases; if a broken-off restoration filled it, drop it and create it "
        "again.",
    ),
    "backup-tool-absent": ErrorEntry(
        ErrorKind.DEFECT,
        "not-found",
        "Le programme {name} de PostgreSQL n'est pas installé.",
        "PostgreSQL's program {name} is not installed.",
        "Installez le paquet « postgresql-client » de la distribution, de la version du serveur "
        "ou d'une plus récente ; docs/backup.md dit comment faire sans.",
        "Install the distribution's package postgresql-client, of the server's version or a later "
        "one; docs/backup.md says how to do without.",
    ),
    "backup-tool-failed": ErrorEntry(
        ErrorKind.DEFECT,
        "exception",
        "{name} a échoué sur {place} : {detail}",
        "{name} failed on {place}: {detail}",
        "Lisez son message ; vérifiez l'accès à la base et la version du programme.",
        "Read its message; check the access to the database and the program's version.",
    ),
}
