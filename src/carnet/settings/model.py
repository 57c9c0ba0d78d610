"""What a start of Carnet can be told: each setting with its type, default and meaning.

``docs/settings.md`` is written from the descriptions given here.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from carnet.record.events import Level
from carnet.record.store_kind import StoreKind


class IdentityConflict(StrEnum):
    """What to do when a submission contradicts the identity known under a matricule."""

    REFUSE = "refuse"
    MARK = "mark"


class Severity(StrEnum):
    """Whether an oddity is a warning or a refusal."""

    WARN = "warn"
    REFUSE = "refuse"


class Unknown(StrEnum):
    """Whether a code that the value set lacks is accepted."""

    ACCEPT = "accept"
    REFUSE = "refuse"


class Algorithm(StrEnum):
    """Signatures that an access token may carry."""

    ES256 = "ES256"
    RS256 = "RS256"


class Issuer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody whose access tokens Carnet believes."""

    iss: Annotated[
        str,
        Meta(min_length=1, max_length=500, description="The exact `iss` of its tokens."),
    ]
    jwks: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=2000,
            description="Its public keys (JWKS): a file, or an `https://` address "
            "(`http://` for this machine only).",
        ),
    ]
    audience: Annotated[
        str | None,
        Meta(description="The `aud` that its tokens must carry; absent: `public_base` + `/fhir`."),
    ] = None
    algorithms: Annotated[
        tuple[Algorithm, ...],
        Meta(min_length=1, description="The signatures that it uses, ES256 or RS256."),
    ] = (Algorithm.ES256, Algorithm.RS256)


class IdentitySettings(msgspec.Struct, frozen=True):
    """How strictly identities are taken."""

    conflict: Annotated[
        IdentityConflict,
        Meta(
            description="A wrong INS key, other traits or another OID of a known matricule over "
            "FHIR: `refuse`, or `mark` (store and mark; test and demo stores only)."
        ),
    ] = IdentityConflict.REFUSE
    luhn: Annotated[
        Severity,
        Meta(
            description="A wrong check digit in RPPS, FINESS, SIREN or SIRET: `warn` or `refuse`."
        ),
    ] = Severity.WARN


class DocumentSettings(msgspec.Struct, frozen=True):
    """How documents are taken, and how large they may be."""

    unknown_type: Annotated[
        Unknown,
        Meta(description="A document type that the value set J07 lacks: `refuse` or `accept`."),
    ] = Unknown.REFUSE
    replaced_absent: Annotated[
        Severity,
        Meta(
            description="A CDA that replaces a document which is not there: `warn` (stored; "
            "settled when that document arrives) or `refuse`."
        ),
    ] = Severity.WARN
    max_bytes: Annotated[
        int,
        Meta(ge=1_000, le=50_000_000, description="The largest document, in bytes."),
    ] = 50_000_000
    max_bytes_in_flight: Annotated[
        int,
        Meta(
            ge=1_000_000,
            description="Bytes of bodies that one worker holds at once, in memory and in the "
            "spool together; past it submissions are answered 503.",
        ),
    ] = 400_000_000


class LimitSettings(msgspec.Struct, frozen=True):
    """How much one web worker takes on at once; past it, it says so."""

    requests: Annotated[
        int,
        Meta(
            ge=1,
            description="Requests that one worker has in hand for long, counted from when they are "
            "there whole; those past it are answered 503 with `Retry-After` at once, so that those "
            "taken are not kept waiting. While many are turned away, fewer are taken.",
        ),
    ] = 40
    burst: Annotated[
        int,
        Meta(ge=1, description="The same for a tenth of a second: bursts shorter than that pass."),
    ] = 128
    connections: Annotated[
        int,
        Meta(
            ge=16,
            le=100_000,
            description="Connections that one worker holds, idle ones too; further ones wait until "
            "one closes. The limit of open files is raised as far as the system lets it.",
        ),
    ] = 8192
    header_seconds: Annotated[
        int,
        Meta(
            ge=1,
            le=120,
            description="Seconds in which a new connection must have sent the head of its first "
            "request; it is closed then.",
        ),
    ] = 10
    body_seconds: Annotated[
        int,
        Meta(
            ge=1,
            le=110,
            description="Seconds in which a body of up to 1 MB must have arrived, and for which a "
            "larger one may pause at most; then 408.",
        ),
    ] = 20


class AccessSettings(msgspec.Struct, frozen=True):
    """What the citizen's and the law's access rules leave to the operator."""

    matrix_file: Annotated[
        Path | None,
        Meta(
            description="The matrix profession × document type, in place of the one that comes "
            "with Carnet (same columns)."
        ),
    ] = None
    break_glass_hours: Annotated[
        int,
        Meta(ge=1, le=168, description="For how many hours break-glass (bris de glace) opens."),
    ] = 24


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a start of Carnet is told. Groups are tables of the file: ``[identity]`` and so on."""

    data: Annotated[
        Path | None,
        Meta(description="The data directory of the store. Commands take it as `--data` too."),
    ] = None
    kind: Annotated[
        StoreKind | None,
        Meta(
            description="The kind of store meant: `production`, `test` or `demo`. It is fixed when "
            "the store is made; a start that means another kind is refused."
        ),
    ] = None
    key_file: Annotated[
        Path | None,
        Meta(
            description="The file of the master key; absent: the data directory's name with "
            "`.key`, beside it. A production start demands that it be named, and that it lie "
            "outside the data directory."
        ),
    ] = None
    database: Annotated[
        str | None,
        Meta(
            description="The PostgreSQL database of records and traces, as a `postgresql://` URL; "
            "absent: the embedded SQLite store in the data directory."
        ),
    ] = None
    keys_database: Annotated[
        str | None,
        Meta(
            description="The PostgreSQL database of record keys: in production a cluster of its "
            "own. Demanded with `database`; may be the same database in test and demo stores."
        ),
    ] = None
    host: Annotated[
        str, Meta(min_length=1, description="The address that the server listens on.")
    ] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="The port; 0 takes a free one.")] = 8000
    workers: Annotated[
        Annotated[int, Meta(ge=1, le=256)] | None,
        Meta(description="Web workers; absent: one a core."),
    ] = None
    public_base: Annotated[
        str | None,
        Meta(
            description="The address of this server as its clients see it, such as "
            "`https://carnet.example`: its FHIR face stands at `/fhir` there, which is the base of "
            "links and the audience of tokens. Kept with the store; absent: `http://HOST:PORT`, in "
            "test and demo stores only."
        ),
    ] = None
    issuers: Annotated[
        tuple[Issuer, ...],
        Meta(
            description="Whose access tokens are believed: a list of tables `[[issuers]]` with "
            "`iss`, `jwks`, and optionally `audience` and `algorithms`; as a variable, JSON. Test "
            "and demo stores also believe the tokens of `carnet token`."
        ),
    ] = ()
    spool_dir: Annotated[
        Path | None,
        Meta(
            description="Where large bodies are kept, sealed, while they stream in; absent: "
            "`spool` in the data directory."
        ),
    ] = None
    vocabulary_dir: Annotated[
        Path | None,
        Meta(
            description="A folder of value sets that replace those that come with Carnet, file by "
            "file (same names)."
        ),
    ] = None
    log_level: Annotated[
        Level,
        Meta(description="From which level on lines are logged: debug, info, warning or error."),
    ] = Level.INFO
    identity: IdentitySettings = IdentitySettings()
    documents: DocumentSettings = DocumentSettings()
    access: AccessSettings = AccessSettings()
    limits: LimitSettings = LimitSettings()

    @property
    def master_key_file(self) -> Path | None:
        """The key file named, else ``DIR.key`` beside the data directory."""
        if self.key_file is not None or self.data is None:
            return self.key_file
        place = self.data.absolute()
        return place.with_name(place.name + ".key")
