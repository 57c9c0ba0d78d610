"""Devices implanted, used, prescribed (F.3.20) and worn (F.3.12)."""

from __future__ import annotations

from carnet.formats.cda.facts.common import comment, reason, rest
from carnet.formats.cda.facts.context import Collector, Context, planned, pointed
from carnet.formats.cda.facts.elements import Element
from carnet.formats.cda.facts.observations import observe
from carnet.formats.cda.facts.values import Values, quantity
from carnet.record.facts import Act, Concept, Kind, Stage


def read_device(node: Element, context: Context, out: Collector) -> None:
    """A supply of a device: the device that takes part in it."""
    values = context.values
    role = node.first("participant", "participantRole")
    device = role.first("playingDevice") if role is not None else None
    code = device.first("code") if device is not None else None
    found = pointed(node, values)
    if not found[0] and code is not None:
        found = values.words(code.first("originalText"))
    out.add(
        Kind.DEVICE,
        node,
        context,
        _what(node, device, values),
        stage=Stage.PRESCRIBED if planned(node) else None,
        details=Act(
            identifiers=_identifiers(role),
            quantity=quantity(node.first("quantity")),
            reason=reason(node, values),
        ),
        comment=comment(node, values),
        said=found,
    )
    rest(node, context, out, within=Kind.DEVICE)


def read_worn(node: Element, context: Context, out: Collector) -> None:
    """A prosthesis or object that the person has, or has not, with them."""
    observe(node, context, out, Kind.DEVICE)


def _what(node: Element, device: Element | None, values: Values) -> Concept:
    if device is not None:
        what = values.concept(device.first("code"))
        model = values.words(device.first("manufacturerModelName"))[0]
        if what.codes or what.text:
            return what
        if model:
            return Concept(text=model)
    return Concept(text=pointed(node, values)[0])


def _identifiers(role: Element | None) -> tuple[str, ...]:
    if role is None:
        return ()
    found = []
    for each in role.every("id"):
        root, extension = each.get("root"), each.get("extension")
        if extension or root:
            found.append(f"{root}^{extension}" if extension else root)
    return tuple(found)
