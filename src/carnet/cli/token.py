"""``carnet token``: access tokens for trying things out, in demo and test stores only."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from carnet.cli.common import Common, settings_of
from carnet.record.caller import Caller

if TYPE_CHECKING:
    from carnet.population.scripts.cast import Cast

_LIFETIME = 12 * 3600  # seconds


def token(
    name: Annotated[str | None, Parameter(help="Somebody of the demo, by name.")] = None,
    /,
    common: Common | None = None,
    *,
    ins: Annotated[str | None, Parameter(help="A citizen: MATRICULE or OID|MATRICULE.")] = None,
    ps: Annotated[str | None, Parameter(help="A professional: PS_IdNat, `8` + RPPS.")] = None,
    profession: Annotated[str, Parameter(help="Profession of J01, with --ps.")] = "G15_10/SM26",
    structure: Annotated[str | None, Parameter(help="Struct_IdNat of a structure.")] = None,
    sector: Annotated[str | None, Parameter(help="Sector of J02, such as SA07.")] = None,
    scope: Annotated[str | None, Parameter(help="SMART scopes, in place of all.")] = None,
    purpose: Annotated[
        Literal["normal", "break-glass", "regulation"], Parameter(help="Why the record is opened.")
    ] = "normal",
    reason: Annotated[str | None, Parameter(help="The reason, for other purposes.")] = None,
    hours: Annotated[float, Parameter(help="How long it is good for.")] = _LIFETIME / 3600,
    list_: Annotated[
        bool, Parameter(name="--list", help="Name everybody.", negative="", show_default=False)
    ] = False,
) -> None:
    """Print an access token, for `curl -H "Authorization: Bearer $(carnet token camille …)"`.

    For somebody of the demo by NAME, for a citizen by --ins, for a professional by --ps, for a
    structure alone by --structure. Production stores sign none.
    """
    import msgspec

    from carnet.record.caller import Purpose

    if list_:
        _list(common)
        return
    caller = _caller(common, name, ins, ps, profession, structure, sector)
    caller = msgspec.structs.replace(
        caller,
        purpose=Purpose(purpose),
        reason=reason,
        scopes=frozenset((scope or _all_scopes(caller)).split()),
    )
    print(_signed(common, caller, int(hours * 3600)))


def _list(common: Common | None) -> None:
    from carnet.cli.output import json_line
    from carnet.population.callers import ins_at

    everyone = _cast(common)
    rows = [(one.key, ins_at(one).matricule, one.headline) for one in everyone.people.values()]
    rows += [
        (one.key, one.identifier.extension, one.title) for one in everyone.professionals.values()
    ]
    for key, number, words in rows:
        if common is not None and common.json:
            json_line({"name": key, "identifier": number, "who": words})
        else:
            print(f"{key:<18} {number:<16} {words}")


def _cast(common: Common | None) -> Cast:
    """The people of the demo as they are told in its store."""
    from datetime import UTC, datetime

    from carnet.cli.stores import seeded_on
    from carnet.population.scripts.cast import cast

    data = settings_of(common).data
    return cast(datetime.now(UTC).date() if data is None else seeded_on(data))


def _caller(
    common: Common | None,
    name: str | None,
    ins: str | None,
    ps: str | None,
    profession: str,
    structure: str | None,
    sector: str | None,
) -> Caller:
    from carnet.population.callers import caller_of
    from carnet.record.caller import CallerKind
    from carnet.record.errors import CarnetError
    from carnet.record.identity import OID_INS_NIR_TEST, parse_ins
    from carnet.record.structures import professional
    from carnet.record.structures import structure as structure_of

    if name is not None:
        return caller_of(_cast(common), name)
    house = structure_of(structure) if structure else None
    if ins is not None:
        oid, _, matricule = ins.rpartition("|")
        return Caller(
            CallerKind.CITIZEN, name=ins, ins=parse_ins(matricule, oid or OID_INS_NIR_TEST)
        )
    if ps is not None:
        return Caller(
            CallerKind.PROFESSIONAL,
            name=ps,
            identifier=professional(ps),
            structure=house,
            profession=profession,
            sector=sector,
        )
    if house is not None:
        return Caller(CallerKind.STRUCTURE, name=structure or "", structure=house, sector=sector)
    raise CarnetError("person-unknown", name="")


def _all_scopes(caller: Caller) -> str:
    from carnet.record.caller import CallerKind

    level = {CallerKind.CITIZEN: "patient", CallerKind.STRUCTURE: "system"}.get(caller.kind, "user")
    return f"{level}/*.cruds"


def _signed(common: Common | None, caller: Caller, lifetime: int) -> str:
    from carnet.app import SIGNING_KEY, audience_of
    from carnet.cli.stores import data_of
    from carnet.record.errors import CarnetError
    from carnet.serve.plan import plan_of
    from carnet.storage.facts import stored_facts
    from carnet.usecases.tokens import Signer

    settings = settings_of(common)
    directory = data_of(settings)
    facts = stored_facts(directory, settings.keys_database)
    plan = plan_of(settings, 1)
    path = directory / SIGNING_KEY
    if facts["kind"] == "production" or not path.exists():
        raise CarnetError("tokens-not-here")
    return Signer(path.read_bytes()).sign(
        caller,
        iss=f"urn:carnet:store:{facts['id']}",
        audience=audience_of(plan.public_base),
        client_id="carnet-token",
        jti=secrets.token_hex(16),
        now=int(time.time()),
        lifetime=lifetime,
    )
