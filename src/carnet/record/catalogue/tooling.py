"""Refusals of the tools around a store: settings, and the private PostgreSQL of tests."""

from __future__ import annotations

from carnet.record.errors import ErrorEntry, ErrorKind

ENTRIES: dict[str, ErrorEntry] = {
    "postgresql-absent": ErrorEntry(
        ErrorKind.DEFECT,
        "not-found",
        "Aucun serveur PostgreSQL n'est installé sur cette machine.",
        "No PostgreSQL server is installed on this machine.",
        "Installez le paquet « postgresql » de la distribution (15 ou plus récent).",
        "Install the distribution's package postgresql (15 or later).",
    ),
    "postgresql-user": ErrorEntry(
        ErrorKind.DEFECT,
        "not-found",
        "PostgreSQL refuse de tourner sous root, et l'utilisateur « {user} » ou le programme "
        "« setpriv » manque.",
        "PostgreSQL refuses to run as root, and the user {user} or the program setpriv is missing.",
        "Installez les paquets « postgresql » et « util-linux », ou lancez la commande sans être "
        "root.",
        "Install the packages postgresql and util-linux, or run the command as another user.",
    ),
    "postgresql-failed": ErrorEntry(
        ErrorKind.DEFECT,
        "exception",
        "Le serveur PostgreSQL privé n'a pas démarré : {detail}",
        "The private PostgreSQL server did not start: {detail}",
        "Lisez le message du serveur ; vérifiez la place et les droits sous /tmp.",
        "Read the server's message; check space and permissions under /tmp.",
    ),
    "settings-refused": ErrorEntry(
        ErrorKind.RULE,
        "invalid",
        "Les réglages contiennent {count} faute(s) : rien n'a démarré.",
        "The settings hold {count} fault(s): nothing was started.",
        "Corrigez chaque faute de la liste, puis relancez.",
        "Mend each fault of the list, then start again.",
    ),
    "settings-file-unreadable": ErrorEntry(
        ErrorKind.RULE,
        "not-found",
        "Le fichier de réglages {name} ne peut pas être lu : {detail}.",
        "The settings file {name} cannot be read: {detail}.",
        "Vérifiez le chemin (--settings ou CARNET_SETTINGS) et les droits du fichier.",
        "Check the path (--settings or CARNET_SETTINGS) and the file's permissions.",
    ),
    "settings-file-malformed": ErrorEntry(
        ErrorKind.RULE,
        "structure",
        "Le fichier de réglages {name} n'est pas du TOML valable : {detail}.",
        "The settings file {name} is not valid TOML: {detail}.",
        "Corrigez la ligne indiquée.",
        "Mend the line named.",
    ),
    "setting-unknown": ErrorEntry(
        ErrorKind.RULE,
        "not-found",
        "Le réglage {name} ({origin}) n'existe pas.",
        "There is no setting {name} ({origin}).",
        "Voyez {near}.",
        "See {near}.",
    ),
    "setting-value": ErrorEntry(
        ErrorKind.RULE,
        "value",
        "Le réglage {name} ({origin}) vaut {value} ; il faut {expected_french}.",
        "The setting {name} ({origin}) is {value}; it takes {expected_english}.",
        "Corrigez la valeur ; docs/settings.md décrit chaque réglage.",
        "Mend the value; docs/settings.md describes each setting.",
    ),
    "setting-path-absent": ErrorEntry(
        ErrorKind.RULE,
        "not-found",
        "Le réglage {name} désigne {path}, qui n'existe pas.",
        "The setting {name} names {path}, which does not exist.",
        "Corrigez le chemin ou créez ce qu'il désigne.",
        "Mend the path, or make what it names.",
    ),
    "setting-database-url": ErrorEntry(
        ErrorKind.RULE,
        "value",
        "Le réglage {name} n'est pas l'adresse d'une base PostgreSQL.",
        "The setting {name} is not the address of a PostgreSQL database.",
        "Donnez postgresql://UTILISATEUR@HÔTE:PORT/BASE ; sans ce réglage, le stockage est "
        "embarqué.",
        "Give postgresql://USER@HOST:PORT/DATABASE; without it storage is embedded.",
    ),
    "setting-databases-together": ErrorEntry(
        ErrorKind.RULE,
        "required",
        "database et keys_database vont ensemble : l'un des deux manque.",
        "database and keys_database go together: one of them is missing.",
        "Donnez les deux, ou aucun pour le stockage embarqué.",
        "Give both, or neither for embedded storage.",
    ),
    "setting-public-base": ErrorEntry(
        ErrorKind.RULE,
        "value",
        "public_base n'est pas une adresse http(s) simple, sans barre oblique finale.",
        "public_base is not a plain http(s) address without a slash at its end.",
        "Donnez l'adresse que voient les clients, par exemple https://carnet.example.",
        "Give the address that clients see, such as https://carnet.example.",
    ),
    "setting-issuer-twice": ErrorEntry(
        ErrorKind.RULE,
        "duplicate",
        "L'émetteur {iss} figure deux fois dans issuers.",
        "The issuer {iss} stands twice in issuers.",
        "Gardez une seule table par émetteur.",
        "Keep one table an issuer.",
    ),
    "setting-issuer-keys": ErrorEntry(
        ErrorKind.RULE,
        "value",
        "Les clés de l'émetteur {iss} ne sont ni un fichier ni une adresse https://.",
        "The keys of the issuer {iss} are neither a file nor an https:// address.",
        "Donnez un fichier JWKS ou une adresse https:// ; http:// ne vaut que pour cette machine.",
        "Give a JWKS file or an https:// address; http:// is for this machine only.",
    ),
    "setting-kind": ErrorEntry(
        ErrorKind.RULE,
        "conflict",
        "Les réglages veulent un dépôt « {wanted} », celui-ci est « {found} » depuis sa création.",
        "The settings mean a {wanted} store; this one was made as {found}.",
        "Désignez le bon dépôt par data, ou corrigez kind : la nature d'un dépôt ne change pas.",
        "Name the right store with data, or mend kind: the kind of a store never changes.",
    ),
    "setting-demo-host": ErrorEntry(
        ErrorKind.RULE,
        "business-rule",
        "Un dépôt de démonstration ne s'ouvre que sur cette machine (127.0.0.1, ::1 ou localhost).",
        "A demo store is served on this machine only (127.0.0.1, ::1 or localhost).",
        "Retirez le réglage host, ou créez un dépôt de test.",
        "Leave out the setting host, or make a test store.",
    ),
    "setting-production-key": ErrorEntry(
        ErrorKind.RULE,
        "required",
        "En production, le fichier de la clé maîtresse doit être nommé.",
        "In production the file of the master key must be named.",
        "Donnez key_file (ou CARNET_KEY_FILE), hors du répertoire de données.",
        "Give key_file (or CARNET_KEY_FILE), outside the data directory.",
    ),
    "setting-key-inside": ErrorEntry(
        ErrorKind.RULE,
        "business-rule",
        "Le fichier de la clé maîtresse est dans le répertoire de données : une copie des "
        "données emporterait la clé.",
        "The file of the master key lies in the data directory: a copy of the data would hold "
        "the key.",
        "Placez-le ailleurs, de préférence sur un autre support.",
        "Put it elsewhere, on another medium at best.",
    ),
    "setting-production-mark": ErrorEntry(
        ErrorKind.RULE,
        "business-rule",
        "En production, une identité contradictoire est refusée : identity.conflict ne peut "
        "pas valoir mark.",
        "In production a contradicted identity is refused: identity.conflict cannot be mark.",
        "Retirez ce réglage.",
        "Leave the setting out.",
    ),
    "setting-production-base": ErrorEntry(
        ErrorKind.RULE,
        "required",
        "En production, public_base doit être donné : c'est l'adresse des liens et l'audience "
        "des jetons.",
        "In production public_base must be given: it is the address of links and the audience "
        "of tokens.",
        "Donnez l'adresse que voient les clients, par exemple https://carnet.example.",
        "Give the address that clients see, such as https://carnet.example.",
    ),
    "setting-production-cluster": ErrorEntry(
        ErrorKind.RULE,
        "business-rule",
        "En production, les clés des dossiers ne vivent pas sur le serveur PostgreSQL des "
        "dossiers.",
        "In production the record keys do not live on the PostgreSQL server of the records.",
        "Donnez à keys_database un serveur à part, aux sauvegardes de 30 jours au plus.",
        "Give keys_database a server of its own, whose backups are kept 30 days at most.",
    ),
    "setting-flight": ErrorEntry(
        ErrorKind.RULE,
        "value",
        "documents.max_bytes_in_flight ne laisse pas passer le plus grand document admis.",
        "documents.max_bytes_in_flight does not let the largest admitted document pass.",
        "Donnez au moins deux fois documents.max_bytes.",
        "Give at least twice documents.max_bytes.",
    ),
}
