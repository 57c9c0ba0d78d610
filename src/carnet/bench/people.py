"""Who lives in a made store: citizens by number, doctors who read, authors who wrote.

Everything follows from a number and the store's seed, so that a store that was loaded once can be
asked again without a list of what is in it. Identities are of the test OID, names are no names.
"""

from __future__ import annotations

import hashlib
from functools import cache

from carnet.formats.cda.build import Actor, Structure
from carnet.record.caller import Caller, CallerKind
from carnet.record.document import Code
from carnet.record.identity import OID_INS_NIR_TEST, Ins, Name, Sex, Traits, ins_key
from carnet.record.structures import is_luhn, professional, structure
from carnet.record.vocabulary import value_set

DOCTORS = 16
AUTHORS = 8
PROFESSION = "G15_10/SM26"  # general practitioner
SECTOR = "SA07"
SOFTWARE = "Carnet bench"
_SYLLABLES = ("BA", "DO", "FI", "GU", "KE", "LO", "MA", "NI", "PO", "RU", "SA", "TE", "VI", "ZO")


def citizen_ins(number: int) -> Ins:
    """The INS of citizen ``number`` (from 0, below 74,880,000), with its right key."""
    rest, order = divmod(number, 1000)
    rest, month = divmod(rest, 12)
    rest, year = divmod(rest, 80)
    department = rest + 1
    sex = 1 + number % 2
    digits = f"{sex}{20 + year:02d}{month + 1:02d}{department:02d}{100:03d}{order:03d}"
    return Ins(f"{digits}{ins_key(digits):02d}", OID_INS_NIR_TEST)


def citizen_traits(number: int) -> Traits:
    """The traits of citizen ``number``, as the INS has them."""
    matricule = citizen_ins(number).matricule
    return Traits(
        birth_family=_word(number, 4),
        first_given=_word(number // 7 + 3, 3),
        sex=Sex.MALE if matricule[0] == "1" else Sex.FEMALE,
        birth_date=f"19{matricule[1:3]}-{matricule[3:5]}-15",
        birth_place=f"{matricule[5:10]}",
    )


def _word(number: int, syllables: int) -> str:
    """A pronounceable word that is nobody's name."""
    word = ""
    for _ in range(syllables):
        number, place = divmod(number, len(_SYLLABLES))
        word += _SYLLABLES[place]
    return word + "X"


def luhn(stem: str) -> str:
    """A number with its Luhn key."""
    return next(stem + str(key) for key in range(10) if is_luhn(stem + str(key)))


@cache
def doctor(number: int) -> Caller:
    """A doctor in town whom citizens have authorised to read."""
    number %= DOCTORS
    return Caller(
        CallerKind.PROFESSIONAL,
        name=f"Lecteur {number}",
        identifier=professional("8" + luhn(f"1080000{number:03d}")),
        structure=structure("1" + luhn(f"7500{number:04d}")),
        structure_name=f"Cabinet d'essai {number}",
        profession=PROFESSION,
        sector=SECTOR,
        software=SOFTWARE,
    )


@cache
def author(number: int) -> Actor:
    """A professional of a hospital who wrote documents."""
    number %= AUTHORS
    house = Structure(
        identifier=structure("1" + luhn(f"6900{number:04d}")),
        name=f"Etablissement d'essai {number}",
        setting=_concept("J04", "AMBULATOIRE"),
    )
    return Actor(
        identifier=professional("8" + luhn(f"1090000{number:03d}")),
        name=Name(f"AUTEUR{number}", "Essai", suffix="DR"),
        profession=_concept("J01", PROFESSION),
        structure=house,
    )


def _concept(name: str, code: str) -> Code:
    found = value_set(name).find(code)
    if found is None:
        raise LookupError(f"{code} is not in {name}")
    return found


def made_id(seed: bytes, kind: str, number: int, part: int = 0) -> bytes:
    """16 bytes that follow from the seed, in the form of a random UUID (RFC 9562 version 4)."""
    text = f"{kind}:{number}:{part}".encode()
    made = bytearray(hashlib.blake2b(text, key=seed, digest_size=16).digest())
    made[6] = made[6] & 0x0F | 0x40
    made[8] = made[8] & 0x3F | 0x80
    return bytes(made)
