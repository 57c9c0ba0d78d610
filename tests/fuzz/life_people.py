"""Who has to do with the record whose life is tested, and the words that their acts are put in."""

from __future__ import annotations

import msgspec

from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller, Purpose
from carnet.record.errors import CarnetError
from carnet.usecases.requests import ConsentRequest
from tests.fuzz.life_model import Who
from tests.usecases.bench import Person, doctor, house_of, person

MASK, WAIT = "hidden_from_professionals", "hidden_from_patient"
"""The flags that the test sets, as ``Visibility`` names them."""

WHO: dict[str, Who] = {
    who.key + who.mode: who
    for who in (
        Who("citizen", "citizen", own=True),
        Who("delegate", "citizen"),
        Who("stranger", "citizen"),
        Who("author", "professional", "doctor", "clinic"),
        Who("colleague", "professional", "nurse", "clinic"),
        Who("reader", "professional", "doctor", "practice"),
        Who("reader", "professional", "doctor", "practice", "break-glass"),
        Who("reader", "professional", "doctor", "practice", "regulation"),
        Who("nurse", "professional", "nurse", "round"),
        Who("optician", "professional", "optician", "shop"),
        Who("psychologist", "professional", "psychologist", "room"),
        Who("", "structure", house="clinic"),
    )
}


def callers_of(whose: Person) -> tuple[dict[str, Caller], dict[str, Person]]:
    others = {"delegate": person(), "stranger": person()}
    made: dict[str, Caller] = {}
    professions = {
        "doctor": "G15_10/SM26",
        "nurse": "G15_60",
        "optician": "G15_28",
        "psychologist": "93",
    }
    modes = {
        "normal": (Purpose.NORMAL, None),
        "break-glass": (Purpose.BREAK_GLASS, "urgence"),
        "regulation": (Purpose.REGULATION, "appel"),
    }
    for who in WHO.values():
        if who.kind == "citizen":
            made[who.key + who.mode] = (whose if who.own else others[who.key]).caller
            continue
        same = next((made[one] for one in made if one.startswith(who.key) and who.key), None)
        if who.kind == "structure":
            made[who.key + who.mode] = house_of(made["authornormal"])
            continue
        caller = same or doctor(professions[who.profession])
        if who.key == "colleague":
            houses = made["authornormal"]
            caller = msgspec.structs.replace(caller, structure=houses.structure)
        purpose, reason = modes[who.mode]
        made[who.key + who.mode] = msgspec.structs.replace(caller, purpose=purpose, reason=reason)
    return made, others


def tie_with(whose: Person, kind: str, actor: Caller | Person, end: int) -> ConsentRequest:
    named = actor.identifier or (actor.structure if isinstance(actor, Caller) else None)
    assert named is not None
    return ConsentRequest(patient=whose.ins, kind=RelationKind(kind), actor=named, end=end)


def codes_of(flag: str) -> tuple[str, ...]:
    return {MASK: ("MASQUE_PS",), WAIT: ("INVISIBLE_PATIENT",)}.get(flag, ())


def code_of(result: object) -> str | None:
    return result.code if isinstance(result, CarnetError) else None
