"""Refusals of the store itself."""

from __future__ import annotations

from carnet.record.errors import ErrorEntry, ErrorKind

ENTRIES: dict[str, ErrorEntry] = {
    "store-unavailable": ErrorEntry(
        ErrorKind.BUSY,
        "transient",
        "Le stockage ne répond pas pour le moment.",
        "Storage does not answer at the moment.",
        "Renvoyez la même demande dans quelques instants : un document déjà enregistré ne le "
        "sera pas deux fois.",
        "Send the same request again in a moment: a document already stored is not stored twice.",
    ),
    "store-full": ErrorEntry(
        ErrorKind.FULL,
        "no-store",
        "Le stockage n'a plus de place : rien n'a été enregistré.",
        "Storage has no room left: nothing was stored.",
        "Renvoyez la même demande plus tard. Exploitant : libérez de la place ou agrandissez le "
        "disque ; le service reprend de lui-même.",
        "Send the same request again later. Operator: make room or enlarge the disk; service "
        "resumes by itself.",
    ),
    "store-failing": ErrorEntry(
        ErrorKind.BUSY,
        "no-store",
        "Le disque du stockage répond par une erreur : rien n'a été enregistré.",
        "The disk of the storage answers with an error: nothing was stored.",
        "Renvoyez la même demande plus tard. Exploitant : examinez le disque et ses droits, puis "
        "lancez « carnet verify ».",
        "Send the same request again later. Operator: look at the disk and its permissions, then "
        "run `carnet verify`.",
    ),
    "store-busy": ErrorEntry(
        ErrorKind.BUSY,
        "lock-error",
        "Un autre processus écrit déjà dans « {directory} ».",
        "Another process already writes to {directory}.",
        "Arrêtez le serveur ou la commande qui utilise ce répertoire, ou attendez sa fin.",
        "Stop the server or the command that uses this directory, or wait until it ends.",
    ),
    "store-exists": ErrorEntry(
        ErrorKind.CONFLICT,
        "duplicate",
        "Un dépôt de Carnet existe déjà ici : {directory}.",
        "A store of Carnet already stands here: {directory}.",
        "Utilisez-le tel quel, ou nommez un autre endroit.",
        "Use it as it is, or name another place.",
    ),
    "store-directory-taken": ErrorEntry(
        ErrorKind.CONFLICT,
        "conflict",
        "Le répertoire « {directory} » n'est pas vide et ne contient pas de dépôt de Carnet.",
        "The directory {directory} is not empty and holds no store of Carnet.",
        "Nommez un répertoire absent ou vide ; supprimez ce qui reste d'une création interrompue.",
        "Name a directory that is absent or empty; if a broken-off creation left it, remove it.",
    ),
    "store-incomplete": ErrorEntry(
        ErrorKind.DEFECT,
        "incomplete",
        "Ce dépôt est incomplet : sa création ou sa restauration a été interrompue.",
        "This store is incomplete: its making or its restoration was broken off.",
        "S'il est neuf, supprimez-le et recréez-le ; sinon, restaurez ensemble toutes ses bases.",
        "If it is new, remove it and make it again; otherwise restore all its databases together.",
    ),
    "store-kind-mismatch": ErrorEntry(
        ErrorKind.CONFLICT,
        "conflict",
        "Ce dépôt est de nature « {found} » ; la commande demande « {wanted} ».",
        "This store is of the kind {found}; the command asks for {wanted}.",
        "Nommez le bon dépôt : la nature d'un dépôt ne change pas.",
        "Name the right store: the kind of a store never changes.",
    ),
    "record-erased": ErrorEntry(
        ErrorKind.ABSENT,
        "not-found",
        "Ce dossier a été effacé : sa clé n'existe plus.",
        "This record was erased: its key is no more.",
        "Rien ne peut le rendre lisible ; vérifiez l'identité demandée.",
        "Nothing can make it readable again; check the identity asked for.",
    ),
    "record-contended": ErrorEntry(
        ErrorKind.BUSY,
        "lock-error",
        "Ce dossier est modifié par plusieurs demandes à la fois ; celle-ci n'a pas abouti.",
        "This record is being changed by several requests at once; this one did not succeed.",
        "Renvoyez la même demande dans quelques instants.",
        "Send the same request again in a moment.",
    ),
    "key-file-absent": ErrorEntry(
        ErrorKind.DEFECT,
        "not-found",
        "Le fichier de la clé maîtresse n'existe pas : {path}.",
        "The file of the master key does not exist: {path}.",
        "Donnez key_file (ou CARNET_KEY_FILE) ; sans cette clé, le dépôt ne peut pas être lu.",
        "Give key_file (or CARNET_KEY_FILE); without this key the store cannot be read.",
    ),
    "key-file-bad": ErrorEntry(
        ErrorKind.DEFECT,
        "invalid",
        "Le fichier {path} n'est pas celui d'une clé maîtresse.",
        "The file {path} is not that of a master key.",
        "Restaurez-le : une ligne par version, un numéro et 32 octets en base64.",
        "Restore it: a line a version, a number and 32 bytes in base64.",
    ),
    "key-file-open": ErrorEntry(
        ErrorKind.DEFECT,
        "security",
        "Le fichier de la clé maîtresse {path} est accessible à d'autres utilisateurs.",
        "The file of the master key {path} is open to other users.",
        "Limitez ses droits à son propriétaire (chmod 600).",
        "Keep it to its owner (chmod 600).",
    ),
    "key-file-foreign": ErrorEntry(
        ErrorKind.DEFECT,
        "security",
        "La clé maîtresse donnée n'ouvre pas ce dépôt.",
        "The master key that is given does not open this store.",
        "Donnez key_file (ou CARNET_KEY_FILE), le fichier créé avec ce dépôt ; si c'est le bon, "
        "restaurez la base des clés.",
        "Give key_file (or CARNET_KEY_FILE), the file made with this store; if it is the right "
        "one, restore the key database.",
    ),
    "key-version-unknown": ErrorEntry(
        ErrorKind.DEFECT,
        "not-found",
        "La version {version} de la clé maîtresse n'est pas dans le fichier de clé.",
        "Version {version} of the master key is not in the key file.",
        "Restaurez le fichier qui contient cette version.",
        "Restore the file that holds this version.",
    ),
    "schema-outdated": ErrorEntry(
        ErrorKind.DEFECT,
        "conflict",
        "Le schéma du dépôt ({found}) est plus ancien que cette version de Carnet.",
        "The schema of the store ({found}) is older than this version of Carnet.",
        "Sauvegardez le dépôt, puis lancez « carnet db upgrade ».",
        'Back the store up, then run "carnet db upgrade".',
    ),
    "schema-newer": ErrorEntry(
        ErrorKind.DEFECT,
        "conflict",
        "Le schéma du dépôt ({found}) est plus récent que cette version de Carnet.",
        "The schema of the store ({found}) is newer than this version of Carnet.",
        "Installez la version de Carnet qui a lancé « carnet db upgrade », ou une plus récente.",
        'Install the version of Carnet that ran "carnet db upgrade", or a later one.',
    ),
    "postgresql-unsafe": ErrorEntry(
        ErrorKind.DEFECT,
        "exception",
        "Le serveur PostgreSQL pourrait perdre ce qu'il a confirmé : son réglage {setting} est "
        "désactivé.",
        "The PostgreSQL server might lose what it confirmed: its setting {setting} is off.",
        "Mettez ce réglage à « on » pour le serveur, la base et l'utilisateur, puis relancez.",
        "Turn this setting on for the server, the database and the user, then start again.",
    ),
    "spool-full": ErrorEntry(
        ErrorKind.BUSY,
        "throttled",
        "Trop de documents arrivent à la fois.",
        "Too many documents are arriving at once.",
        "Renvoyez le même document dans quelques instants.",
        "Send the same document again in a moment.",
    ),
}
