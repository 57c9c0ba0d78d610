"""Refusals around invented people: scripts that cannot be, demos that are not to be made."""

from __future__ import annotations

from carnet.record.errors import ErrorEntry, ErrorKind

ENTRIES: dict[str, ErrorEntry] = {
    "life-invalid": ErrorEntry(
        ErrorKind.DEFECT,
        "invalid",
        "Le parcours {file}, ligne {line}, ne tient pas : {reason}.",
        "The life {file}, line {line}, cannot be: {reason}.",
        "Corrigez cette ligne (docs/lives.md dit ce qui s'écrit), puis relancez.",
        "Mend that line (docs/lives.md says what may be written), then start again.",
    ),
    "population-size": ErrorEntry(
        ErrorKind.RULE,
        "value",
        "Une population compte au moins une personne : {people} ne va pas.",
        "A population has at least one person: {people} will not do.",
        "Donnez --people 1 ou plus.",
        "Give --people 1 or more.",
    ),
    "population-documents": ErrorEntry(
        ErrorKind.RULE,
        "value",
        "{people} personne(s) ne peuvent pas avoir {documents} documents en {years} ans : "
        "au plus {most}.",
        "{people} people cannot have {documents} documents in {years} years: {most} at most.",
        "Demandez moins de documents, plus de personnes ou plus d'années.",
        "Ask for fewer documents, more people or more years.",
    ),
    "population-day": ErrorEntry(
        ErrorKind.RULE,
        "value",
        "« {day} » n'est pas un jour : rien n'a commencé.",
        "“{day}” is not a day: nothing was started.",
        "Écrivez --as-of AAAA-MM-JJ.",
        "Write --as-of YYYY-MM-DD.",
    ),
    "disk-too-small": ErrorEntry(
        ErrorKind.RULE,
        "too-costly",
        "Il faut {needed} Mo libres dans {directory}, il en reste {free} : rien n'a commencé.",
        "{needed} MB must be free in {directory}, {free} are left: nothing was started.",
        "Libérez de la place ou choisissez un autre dossier.",
        "Make room or choose another directory.",
    ),
    "export-not-empty": ErrorEntry(
        ErrorKind.RULE,
        "conflict",
        "Le dossier {directory} n'est pas vide : rien n'y a été écrit.",
        "The directory {directory} is not empty: nothing was written there.",
        "Donnez un dossier nouveau ou vide.",
        "Give a new or empty directory.",
    ),
    "population-code-unknown": ErrorEntry(
        ErrorKind.DEFECT,
        "not-found",
        "« {key} » n'est pas dans {file} : rien n'a été écrit.",
        "“{key}” is not in {file}: nothing was written.",
        "Choisissez une clé de population/data/codes/{file}, ou ajoutez-la avec sa source.",
        "Choose a key of population/data/codes/{file}, or add it with its source.",
    ),
}
