"""Callers as actors: the keys under which their ties, documents and traces stand."""

from __future__ import annotations

from carnet.record.caller import Caller, CallerKind
from carnet.record.identity import Identifier, Ins
from carnet.record.structures import actor_key

NODE = "urn:carnet"  # root of the operator's and the machine's own names


def ins_key(ins: Ins) -> str:
    """The actor key of a person known by their INS."""
    return f"{ins.oid}|{ins.matricule}"


def person_key(caller: Caller) -> str | None:
    """The actor key of who asks: citizen, professional or, alone, a structure."""
    if caller.kind is CallerKind.CITIZEN:
        return ins_key(caller.ins) if caller.ins else None
    if caller.kind is CallerKind.STRUCTURE:
        return structure_key(caller)
    if caller.kind is CallerKind.PROFESSIONAL:
        return actor_key(caller.identifier) if caller.identifier else None
    return f"{NODE}|{caller.kind}:{caller.name}"


def structure_key(caller: Caller) -> str | None:
    """The actor key of the structure in which the caller acts."""
    return actor_key(caller.structure) if caller.structure else None


def identifier_key(identifier: Identifier) -> str:
    """The actor key of an identifier named in a request: professional, structure or INS."""
    return actor_key(identifier)
