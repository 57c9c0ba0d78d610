"""What the demo hands to whoever feeds it: people, professionals, ties, documents."""

from __future__ import annotations

import msgspec

from carnet.record.access.model import RelationKind
from carnet.record.document import Code
from carnet.record.identity import Identifier, Ins, Name, Traits
from carnet.record.lifecycle import RecordState


class Place(msgspec.Struct, frozen=True):
    """Number, street, postal code and city."""

    number: str
    street: str
    postal_code: str
    city: str


class DemoPerson(msgspec.Struct, frozen=True, kw_only=True):
    """An invented citizen. ``key`` is the name that ``carnet token`` takes.

    ``record`` is the state their record is to have; ``doctor`` the key of the médecin traitant,
    ``guardians`` the keys of the parents. ``headline`` and ``what_to_try`` are for the demo's door.
    """

    key: str
    ins: Ins
    traits: Traits
    birth_city: str
    place: Place
    record: RecordState
    headline: str
    what_to_try: tuple[str, ...]
    phone: str | None = None
    doctor: str | None = None
    guardians: tuple[str, ...] = ()
    break_glass_opposed: bool = False

    @property
    def name(self) -> Name:
        """The used name as a letter writes it: ``Mme Camille BERTHIER``."""
        traits = self.traits
        return Name(
            family=traits.used_family or traits.birth_family,
            given=(traits.used_given or traits.first_given).capitalize(),
            prefix="MME" if traits.sex == "F" else "M",
        )


class DemoStructure(msgspec.Struct, frozen=True, kw_only=True):
    """An invented structure: Struct_IdNat, sector (J02), practice setting (J04)."""

    key: str
    identifier: Identifier
    name: str
    sector: Code
    setting: Code
    place: Place
    phone: str


class DemoProfessional(msgspec.Struct, frozen=True, kw_only=True):
    """An invented professional: PS_IdNat, profession (J01), where they work."""

    key: str
    identifier: Identifier
    name: Name
    profession: Code
    structure: DemoStructure
    title: str

    @property
    def sector(self) -> Code:
        """The sector of activity (J02) of the structure."""
        return self.structure.sector


class DemoRelation(msgspec.Struct, frozen=True, kw_only=True):
    """A tie to make: whose record, with whom, from when to when.

    ``actor`` identifies a professional, a structure or, by INS, a person; ``since_days`` counts
    back from the day of the demo, ``until_days`` forth (negative: it has ended; None: no end).
    """

    patient: str
    kind: RelationKind
    actor: Identifier
    actor_key: str
    actor_name: str
    since_days: int
    until_days: int | None = None
    scope: str | None = None


class DemoDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document ready to be fed.

    ``author`` is the key of a professional, or of the citizen for a document of their own.
    ``visibility`` are codes of TRE_A07 that the author asks for at the deposit;
    ``hidden_by_patient`` asks that the citizen then sets MASQUE_PS. ``deposited_at`` is in seconds
    since 1970 UTC; ``replaces`` is the uniqueId of an earlier document of this list.
    """

    key: str
    patient: str
    author: str
    xml: bytes
    unique_id: str
    type: Code
    title: str
    deposited_at: int
    visibility: tuple[str, ...] = ()
    hidden_by_patient: bool = False
    replaces: str | None = None
