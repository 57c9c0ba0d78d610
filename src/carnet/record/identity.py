"""People as the French rules name them: the INS, its key, the strict traits that go with it.

Rules: the national identity-vigilance reference and the INS implementation guide (matricule, key,
strict traits). Values are plain and frozen. Numbers of professionals and structures are checked in
``carnet.record.structures``; the ways to and from CX, FHIR and CDA stand in
``carnet.formats.identifiers``.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date
from enum import StrEnum

import msgspec

from carnet.record.errors import CarnetError, Notice

OID_INS_NIR = "1.2.250.1.213.1.4.8"
OID_INS_NIA = "1.2.250.1.213.1.4.9"
OID_INS_NIR_TEST = "1.2.250.1.213.1.4.10"
OID_INS_NIR_DEMO = "1.2.250.1.213.1.4.11"
INS_OIDS = (OID_INS_NIR, OID_INS_NIA, OID_INS_NIR_TEST, OID_INS_NIR_DEMO)
TEST_INS_OIDS = (OID_INS_NIR_TEST, OID_INS_NIR_DEMO)

OID_PROFESSIONAL = "1.2.250.1.71.4.2.1"  # PS_IdNat
OID_STRUCTURE = "1.2.250.1.71.4.2.2"  # Struct_IdNat


class Identifier(msgspec.Struct, frozen=True):
    """A root OID and an extension (empty for a bare OID)."""

    root: str
    extension: str = ""


class Ins(msgspec.Struct, frozen=True):
    """A national health identity: 13 characters and the 2-digit key, with its OID."""

    matricule: str
    oid: str

    @property
    def is_test(self) -> bool:
        """Whether the OID is of the test or demonstration range."""
        return self.oid in TEST_INS_OIDS


class Sex(StrEnum):
    """Sex of the strict traits: M, F, I (CDA ``UN``, FHIR ``unknown``)."""

    MALE = "M"
    FEMALE = "F"
    INDETERMINATE = "I"


class IdentityStatus(StrEnum):
    """How far an identity was checked; only a qualified one may carry its matricule."""

    PROVISIONAL = "provisional"
    RETRIEVED = "retrieved"
    VALIDATED = "validated"
    QUALIFIED = "qualified"


class Traits(msgspec.Struct, frozen=True):
    """Strict traits and, after them, the used name.

    ``birth_date`` is ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; ``birth_place`` an INSEE code.
    """

    birth_family: str
    first_given: str
    sex: Sex
    birth_date: str
    birth_place: str | None = None
    given_names: str | None = None
    used_family: str | None = None
    used_given: str | None = None


class Name(msgspec.Struct, frozen=True):
    """The name of somebody who is not the patient."""

    family: str | None = None
    given: str | None = None
    prefix: str | None = None
    suffix: str | None = None


# First digit 1 to 4, 7 or 8, in a NIR and in a waiting number alike: the OID tells them apart.
_MATRICULE = re.compile(r"[1-478]\d{4}(?:\d\d|2[AB])\d{8}", re.ASCII)
_CORSICA = {"2A": "19", "2B": "18"}


def ins_key(number: str) -> int:
    """The key of 13 characters: 97 minus the number modulo 97, Corsica read as 19 and 18.

    Raises ``CarnetError('ins-malformed')`` where the characters are not a matricule.
    """
    if not _MATRICULE.fullmatch(number + "00"):
        raise CarnetError("ins-malformed")
    department = number[5:7]
    digits = number[:5] + _CORSICA.get(department, department) + number[7:]
    return 97 - int(digits) % 97


def has_right_key(ins: Ins) -> bool:
    """Whether the two last digits of the matricule are its key."""
    return f"{ins_key(ins.matricule[:13]):02d}" == ins.matricule[13:]


def parse_ins(matricule: str, oid: str, element: str | None = None) -> Ins:
    """The INS of 15 characters and an OID, in upper case; its key is left to ``check_ins``.

    ``element`` names the place in the input. Raises ``CarnetError``: ``ins-malformed`` where the
    form is wrong, ``ins-oid-unknown`` where the OID is not one of an INS (the OID of the old
    calculated INS, or of a social-security number, names no national identity).
    """
    if oid not in INS_OIDS:
        raise CarnetError("ins-oid-unknown", element)
    number = matricule.strip().upper()
    if not _MATRICULE.fullmatch(number):
        raise CarnetError("ins-malformed", element)
    return Ins(number, oid)


def check_ins(
    ins: Ins, *, accept_test: bool, accept_wrong_key: bool, element: str | None = None
) -> tuple[Notice, ...]:
    """Whether a store takes this INS, by its two settings (both off in production).

    Gives the warning ``ins-wrong-key`` for a key that is wrong and accepted: the identity is then
    to be marked "key not verified". Raises ``CarnetError``: ``ins-test-refused``,
    ``ins-wrong-key``.
    """
    if ins.is_test and not accept_test:
        raise CarnetError("ins-test-refused", element)
    if has_right_key(ins):
        return ()
    if not accept_wrong_key:
        raise CarnetError("ins-wrong-key", element)
    return (Notice("ins-wrong-key", element),)


_HYPHENS_AND_APOSTROPHES = re.compile(
    "[-'`\u00ad\u00b4\u02b9-\u02bc\u2010-\u2015\u2018\u2019\u2032\u2212]"
)
_LIGATURES = str.maketrans({"Œ": "OE", "Æ": "AE", "Ø": "O", "Đ": "D", "Ð": "D", "Ł": "L"})


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def normalise_name(name: str) -> str:
    """A name as it is compared: upper case, no accents, hyphen and apostrophe read as a space.

    Several spaces count as one. The blind index of traits and ``differing_traits`` both use it.
    """
    spaced = _HYPHENS_AND_APOSTROPHES.sub(" ", name)
    # Upper case can bring marks back (a dotted capital I), so they are taken off on both sides.
    text = _without_marks(_without_marks(spaced).upper()).translate(_LIGATURES)
    return " ".join(_HYPHENS_AND_APOSTROPHES.sub(" ", text).split())


TRAIT_LABELS: dict[str, tuple[str, str]] = {
    "birth_family": ("nom de naissance", "birth name"),
    "given_names": ("prénoms de naissance", "given names of birth"),
    "sex": ("sexe", "sex"),
    "birth_date": ("date de naissance", "birth date"),
    "birth_place": ("lieu de naissance", "birthplace"),
}
"""The five strict traits with their French and English names, for refusals that name them."""


def differing_traits(known: Traits, given: Traits) -> tuple[str, ...]:
    """Names (keys of ``TRAIT_LABELS``) of the strict traits in which two identities differ.

    The given names count once, whether the first or the list of them differs. A partial birth date
    agrees with every date it may stand for; a trait that one side lacks does not differ.
    """
    differences = {
        "birth_family": _names_differ(known.birth_family, given.birth_family),
        "given_names": _names_differ(known.first_given, given.first_given)
        or _names_differ(known.given_names, given.given_names),
        "sex": known.sex is not given.sex,
        "birth_date": not _may_be_same_day(known.birth_date, given.birth_date),
        "birth_place": _names_differ(known.birth_place, given.birth_place),
    }
    return tuple(name for name, differs in differences.items() if differs)


def _names_differ(one: str | None, other: str | None) -> bool:
    if not one or not other or one == other:
        return False
    return normalise_name(one) != normalise_name(other)


def _may_be_same_day(one: str, other: str) -> bool:
    return all(a == b for a, b in zip(one.split("-"), other.split("-"), strict=False))


_BIRTH_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


def check_birth_date(value: str, element: str | None = None) -> str:
    """The birth date itself where it is YYYY, YYYY-MM or YYYY-MM-DD of the real calendar.

    Day and month may be unknown by law. Raises ``CarnetError('birth-date-invalid')``.
    """
    try:
        _latest_day(value)
    except ValueError:
        raise CarnetError("birth-date-invalid", element) from None
    return value


def _latest_day(birth_date: str) -> date:
    match = _BIRTH_DATE.fullmatch(birth_date)
    if match is None:
        raise ValueError("not a birth date")
    year = int(match[1])
    month = int(match[2] or 12)
    return date(year, month, int(match[3]) if match[3] else calendar.monthrange(year, month)[1])


def age_on(birth_date: str, day: date) -> int:
    """Completed years on ``day``; 0 before birth.

    A partial date is read as its last possible day, so that nobody is taken to be of age too early
    (Carnet's choice). Who was born on 29 February grows older on 1 March of common years.
    Raises ``CarnetError('birth-date-invalid')``.
    """
    born = _latest_day(check_birth_date(birth_date))
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return max(years, 0)
