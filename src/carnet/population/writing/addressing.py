"""To whom a paper goes, and how a letter greets them and takes leave."""

from __future__ import annotations

from carnet.formats.pdf import Table
from carnet.population import model
from carnet.population.callers import age_on
from carnet.population.writing.context import Context
from carnet.population.writing.digest import pick
from carnet.population.writing.french import address_of, spoken
from carnet.record.identity import Name, Sex

_MAJORITY = 18
_SELF = "self"
_INSURANCE = "insurance"
_GREETS = ("cher", "chère", "chers", "chères", "madame", "monsieur", "docteur", "mesdames")
_LEAVES = ("confratern", "cordialement", "salutations", "sentiments", "bien à vous", "bien amical")
_TO_COLLEAGUES = (
    "Bien confraternellement.",
    "Confraternellement.",
    "Je vous prie de croire, {greeting}, à l'assurance de mes sentiments confraternels.",
    "Restant à votre disposition, je vous adresse mes salutations confraternelles.",
)
_TO_OTHERS = (
    "Je vous prie de recevoir mes salutations distinguées.",
    "Veuillez agréer, {greeting}, mes salutations distinguées.",
)


def _is_patient(context: Context, key: str) -> bool:
    return key in (_SELF, context.person.key)


def _patient(context: Context) -> tuple[str, ...]:
    """The patient, or the parents of a child."""
    person = context.person
    name = spoken(person.name)
    if age_on(person, context.day) < _MAJORITY:
        name = f"Aux parents de {person.name.given} {person.name.family}"
    return name, *address_of(person.place)


def _professional(context: Context, one: model.Professional) -> tuple[str, ...]:
    author = context.author
    house = one.structure
    if author is not None and author.structure.key == house.key:
        return spoken(one.name), one.title
    return spoken(one.name), house.name, *address_of(house.place)


def recipient(context: Context) -> tuple[str, ...]:
    """The lines of the address: a professional, a structure, the patient, another citizen."""
    key = context.document.to or context.document.ordered_by
    if key is None:
        return ()
    if _is_patient(context, key):
        return _patient(context)
    one = context.directory.professional(key)
    if one is not None:
        return _professional(context, one)
    house = context.directory.structure(key)
    if house is not None:
        return house.name, *address_of(house.place)
    person = context.directory.person(key)
    if person is not None:
        return spoken(person.name), *address_of(person.place)
    return ("Assurance maladie (démonstration)", "Service médical") if key == _INSURANCE else ()


def _civil(name: Name) -> str:
    return "Madame," if name.prefix == "MME" else "Monsieur,"


def greeting(context: Context) -> str | None:
    """How a letter to that recipient begins; nothing where it is addressed to nobody."""
    key = context.document.to
    if key is None:
        return None
    if _is_patient(context, key):
        person = context.person
        if age_on(person, context.day) < _MAJORITY:
            return "Madame, Monsieur,"
        return "Madame," if person.traits.sex is Sex.FEMALE else "Monsieur,"
    one = context.directory.professional(key)
    if one is not None:
        is_colleague = "DR" in (one.name.suffix, context.writer.name.suffix)
        if one.name.suffix == context.writer.name.suffix and is_colleague:
            return "Chère Consœur," if one.name.prefix == "MME" else "Cher Confrère,"
        return f"{_civil(one.name)[:-1]} le Docteur," if one.name.suffix else _civil(one.name)
    person_ = context.directory.person(key)
    return "Madame, Monsieur," if person_ is None else _civil(person_.name)


def is_greeted(body: tuple[str | Table, ...]) -> bool:
    """Whether the text itself begins with a greeting."""
    first = body[0] if body else ""
    return isinstance(first, str) and first.lower().startswith(_GREETS) and len(first) < 60


def takes_leave(body: tuple[str | Table, ...]) -> bool:
    """Whether the text itself ends with a leave-taking."""
    last = body[-1] if body else ""
    return isinstance(last, str) and any(word in last.lower() for word in _LEAVES)


def closing(context: Context, greeted: str) -> str:
    """How this author takes leave of who was greeted."""
    is_colleague = "Conf" in greeted or "Cons" in greeted
    forms = _TO_COLLEAGUES if is_colleague else _TO_OTHERS
    chosen = pick(f"closing/{context.writer.identifier.extension}", forms)
    named = greeted.rstrip(",")
    return chosen.format(greeting=named[:1].lower() + named[1:] if is_colleague else named)
