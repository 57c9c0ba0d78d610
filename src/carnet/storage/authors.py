"""Under which keys the authors of a document and their structures are looked up."""

from __future__ import annotations

from carnet.record.document import AuthorKind, DocumentEntry
from carnet.record.structures import actor_key


def author_keys(entry: DocumentEntry) -> list[str]:
    """The actor keys of a document's authors, each once, the first author first.

    A patient who writes goes by their INS; who has no identifier cannot be looked up.
    """
    keys: dict[str, None] = {}
    for author in entry.authors:
        if author.kind is AuthorKind.PATIENT:
            keys[f"{entry.patient.oid}|{entry.patient.matricule}"] = None
        elif author.identifier is not None:
            keys[actor_key(author.identifier)] = None
    return list(keys)


def structure_keys(entry: DocumentEntry) -> list[str]:
    """The actor keys of the structures of a document's authors, in their order."""
    return [
        actor_key(author.organization.identifier)
        for author in entry.authors
        if author.organization is not None and author.organization.identifier is not None
    ]
