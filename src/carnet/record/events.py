"""The codes of log lines: stable, so that a search or an alarm built on one keeps working.

A code is never renamed nor given another meaning. ``docs/events.md`` is written from this table.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Event(StrEnum):
    """What a log line tells."""

    SETTINGS_REFUSED = "settings-refused"
    STORE_CREATED = "store-created"
    STORE_OPENED = "store-opened"
    SCHEMA_UPGRADED = "schema-upgraded"
    SERVER_STARTING = "server-starting"
    SERVER_READY = "server-ready"
    SERVER_STOPPING = "server-stopping"
    SERVER_STOPPED = "server-stopped"
    CHILD_STARTED = "child-started"
    CHILD_ENDED = "child-ended"
    CHILD_RESTARTED = "child-restarted"
    CHILD_FAILED = "child-failed"
    LEDGER_READY = "ledger-ready"
    LEDGER_CHECKPOINT = "ledger-checkpoint"
    LEDGER_COMPLETED_TRACE = "ledger-completed-trace"
    FHIR_REFUSED = "fhir-refused"
    FHIR_DEFECT = "fhir-defect"
    FHIR_OVERLOADED = "fhir-overloaded"
    PORTAL_REFUSED = "portal-refused"
    PORTAL_DEFECT = "portal-defect"
    PORTAL_UNAVAILABLE = "portal-unavailable"
    REFUSAL_JOURNALED = "refusal-journaled"
    JOURNAL_LIMITED = "journal-limited"
    BODIES_FULL = "bodies-full"
    ISSUER_KEYS_READ = "issuer-keys-read"
    ISSUER_KEYS_UNREADABLE = "issuer-keys-unreadable"
    OUTBOX_DONE = "outbox-done"
    OUTBOX_FAILED = "outbox-failed"
    OUTBOX_LEASE_LOST = "outbox-lease-lost"
    DERIVING_FAILED = "deriving-failed"
    FLAG_ENDED = "flag-ended"
    KEYS_ROTATED = "keys-rotated"
    VERIFY_FINDING = "verify-finding"
    ORPHAN_COLLECTED = "orphan-collected"
    DATABASE_LOST = "database-lost"
    DATABASE_BACK = "database-back"
    COMMAND_DEFECT = "command-defect"
    LIBRARY = "library"


class Level(StrEnum):
    """How much a line matters."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class EventEntry(msgspec.Struct, frozen=True):
    """The level of an event, and what it means to whoever reads the log."""

    level: Level
    meaning: str


EVENTS: dict[Event, EventEntry] = {
    Event.SETTINGS_REFUSED: EventEntry(
        Level.ERROR, "Settings hold faults; nothing was started. `count` says how many."
    ),
    Event.STORE_CREATED: EventEntry(Level.INFO, "A store was made; `kind` says of which kind."),
    Event.STORE_OPENED: EventEntry(Level.INFO, "A process opened a store."),
    Event.SCHEMA_UPGRADED: EventEntry(
        Level.INFO, "The database was brought to another version of the schema (`version`)."
    ),
    Event.SERVER_STARTING: EventEntry(Level.INFO, "The supervisor starts its children."),
    Event.SERVER_READY: EventEntry(
        Level.INFO, "Every worker answers; `port`, `workers`, and `duration_ms` since the start."
    ),
    Event.SERVER_STOPPING: EventEntry(Level.INFO, "The server ends what is under way and stops."),
    Event.SERVER_STOPPED: EventEntry(Level.INFO, "The server has stopped."),
    Event.CHILD_STARTED: EventEntry(
        Level.INFO, "The supervisor started a child: `role` (web, ledger, worker) and `child`."
    ),
    Event.CHILD_ENDED: EventEntry(
        Level.WARNING, "A child ended unasked; `status` is its exit status or minus the signal."
    ),
    Event.CHILD_RESTARTED: EventEntry(Level.WARNING, "The supervisor started a child again."),
    Event.CHILD_FAILED: EventEntry(
        Level.ERROR,
        "A child of the supervisor cannot go on: `code` of a refusal, or `where` of a fault of "
        "Carnet itself.",
    ),
    Event.LEDGER_READY: EventEntry(Level.INFO, "The ledger takes writes."),
    Event.LEDGER_CHECKPOINT: EventEntry(
        Level.DEBUG, "A write-ahead log was moved into its database (`count` pages)."
    ),
    Event.LEDGER_COMPLETED_TRACE: EventEntry(
        Level.WARNING, "After a crash, traces were completed from events (`count`)."
    ),
    Event.FHIR_REFUSED: EventEntry(
        Level.INFO, "A request was refused: `route`, `status`, `code`, and its `reference`."
    ),
    Event.FHIR_DEFECT: EventEntry(
        Level.ERROR, "A fault of Carnet itself; `where` names the lines of code, never their data."
    ),
    Event.FHIR_OVERLOADED: EventEntry(
        Level.WARNING,
        "Requests were turned away with 503, one line a second: `count` since the line before, and "
        "the `reference` that all of this second were told.",
    ),
    Event.PORTAL_REFUSED: EventEntry(
        Level.INFO, "A page was refused: `route`, `status`, `code`, and its `reference`."
    ),
    Event.PORTAL_DEFECT: EventEntry(
        Level.ERROR,
        "A fault of Carnet itself in a page; `where` names the lines of code, never their data.",
    ),
    Event.PORTAL_UNAVAILABLE: EventEntry(
        Level.WARNING,
        "No page can be shown (`code`), `count` files being absent; software is served all the "
        "same.",
    ),
    Event.REFUSAL_JOURNALED: EventEntry(
        Level.DEBUG, "A refusal without a record was written to the journal of the node."
    ),
    Event.JOURNAL_LIMITED: EventEntry(
        Level.WARNING, "Refusals come faster than the journal takes; `count` were left out."
    ),
    Event.BODIES_FULL: EventEntry(
        Level.WARNING, "Too many bytes in flight: submissions are answered 503 for now."
    ),
    Event.ISSUER_KEYS_READ: EventEntry(Level.INFO, "The keys of an issuer were read."),
    Event.ISSUER_KEYS_UNREADABLE: EventEntry(
        Level.WARNING, "The keys of an issuer could not be read; those at hand stay for a day."
    ),
    Event.OUTBOX_DONE: EventEntry(Level.DEBUG, "The worker did what follows a change."),
    Event.OUTBOX_FAILED: EventEntry(
        Level.ERROR, "What follows a change failed and will be tried again (`attempts`, `code`)."
    ),
    Event.DERIVING_FAILED: EventEntry(
        Level.ERROR,
        "A document could not be read anew by a newer reader; `where` says where in the code. What "
        "an older one read of it stays. The others are read; `carnet verify` tells what is broken. "
        "With a `code`: the pages of a document could not be read for their words, which are left "
        "out; all else of it stands.",
    ),
    Event.OUTBOX_LEASE_LOST: EventEntry(
        Level.WARNING, "A worker lost its lease to another; the work is done once all the same."
    ),
    Event.FLAG_ENDED: EventEntry(
        Level.INFO, "The worker wrote the version of a document whose flag had come to its end."
    ),
    Event.KEYS_ROTATED: EventEntry(Level.INFO, "Bucket keys were rewrapped (`count`)."),
    Event.VERIFY_FINDING: EventEntry(
        Level.ERROR, "`carnet verify` found damage; `code` says of which kind."
    ),
    Event.ORPHAN_COLLECTED: EventEntry(
        Level.INFO, "Bytes that no entry names were removed (`count`)."
    ),
    Event.DATABASE_LOST: EventEntry(
        Level.ERROR,
        "A child that starts finds no database, or one that recovers (`code`): it waits until it "
        "answers.",
    ),
    Event.DATABASE_BACK: EventEntry(Level.INFO, "The database that a child waited for answers."),
    Event.COMMAND_DEFECT: EventEntry(
        Level.ERROR, "A command ended in a fault of Carnet itself; `where` names the lines of code."
    ),
    Event.LIBRARY: EventEntry(
        Level.WARNING,
        "A library complained: `library` and `where`; its words are left out, since they may hold "
        "what a log must not.",
    ),
}
