"""The product of a treatment or vaccination (PCC 4.7.2, F.3.43, IHE Pharmacy)."""

from __future__ import annotations

import msgspec

from carnet.formats.cda.facts.elements import Element
from carnet.formats.cda.facts.times import moment
from carnet.formats.cda.facts.values import Values
from carnet.record.facts import Code, Concept


class Product(msgspec.Struct, frozen=True):
    """What a material is. ``said`` are the words that its code points to, with their ID."""

    what: Concept
    form: Concept | None = None
    substances: tuple[Concept, ...] = ()
    lot: str = ""
    expires: str = ""
    said: tuple[str, str] = ("", "")


def read_product(node: Element, values: Values) -> Product:
    """The material of a statement: ``consumable`` or ``product``.

    Behind the code and its translations stand the codes of its package (CIP) and of its generic
    class (ATC): all are given for the same product.
    """
    material = _material(node)
    if material is None:
        return Product(Concept())
    code = material.first("code")
    concept = values.concept(code)
    others = (
        material.first("asContent", "containerPackagedMedicine", "code"),
        material.first("asSpecializedKind", "generalizedMedicineClass", "code"),
    )
    codes = list(concept.codes)
    for other in others:
        codes.extend(each for each in values.concept(other).codes if each not in codes)
    name = values.words(material.first("name"))[0]
    lot, expires = material.first("lotNumberText"), material.first("expirationTime")
    return Product(
        what=msgspec.structs.replace(
            concept, codes=tuple(codes), text=name or concept.text, null=_null(concept, codes)
        ),
        form=values.coded(material.first("formCode")),
        substances=_substances(material, values),
        lot=" ".join(lot.text.split()) if lot is not None else "",
        expires=moment(expires.get("value")) if expires is not None else "",
        said=values.words(code.first("originalText") if code is not None else None),
    )


def _material(node: Element) -> Element | None:
    for name in ("consumable", "product"):
        made = node.first(name, "manufacturedProduct")
        if made is not None:
            return made.first("manufacturedMaterial") or made.first("manufacturedLabeledDrug")
    return None


def _null(concept: Concept, codes: list[Code]) -> str:
    return "" if codes else concept.null


def _substances(material: Element, values: Values) -> tuple[Concept, ...]:
    found = []
    for each in material.every("ingredient"):
        inner = each.first("ingredient") or each
        code = values.coded(inner.first("code"))
        name = values.words(inner.first("name"))[0]
        if code is not None:
            found.append(code)
        elif name:
            found.append(Concept(text=name))
    return tuple(found)
