"""The routes as data: method, path, interaction, the scopes that suffice; and what is refused.

The CapabilityStatement, the OpenAPI description, ``docs/fhir.md`` and the Allow header all come
from this table.
"""

from __future__ import annotations

import msgspec

from carnet.fhir.call import Interaction
from carnet.fhir.fact_params import REPORTS
from carnet.fhir.interactions import (
    capabilities,
    change_visibility,
    create_consent,
    describe_api,
    end_consent,
    find_consents,
    find_documents,
    find_facts,
    find_patient,
    find_provenance,
    find_reports,
    open_record,
    read_consent,
    read_document_reference,
    read_fact,
    read_history,
    read_patient,
    read_provenance,
    read_report,
    retrieve_document,
    submit_document,
)
from carnet.fhir.resources.facts import FACT_RESOURCES
from carnet.record.errors import CarnetError


class Route(msgspec.Struct, frozen=True):
    """One line. ``path`` holds ``{id}`` for an id; ``scopes`` are alternatives, empty: no token."""

    method: str
    path: str
    interaction: Interaction
    scopes: tuple[str, ...]
    code: str  # FHIR restful interaction, empty for none
    text: str
    any_media: bool = False  # negotiates its own media type


class Refusal(msgspec.Struct, frozen=True):
    """A transaction that the guides know and that is refused with its own explanation."""

    method: str
    path: str
    code: str


def _of_facts(name: str, find: Interaction, read: Interaction, text: str) -> tuple[Route, ...]:
    """Searching and reading one of the types that facts are shown as."""
    finds, reads = (f"{name}.s",), (f"{name}.r",)
    return (
        Route("GET", name, find, finds, "search-type", text),
        Route("POST", f"{name}/_search", find, finds, "search-type", text),
        Route("GET", f"{name}/{{id}}", read, reads, "read", text),
    )


_FACTS: tuple[Route, ...] = (
    *(
        route
        for name, resource in FACT_RESOURCES.items()
        for route in _of_facts(name, find_facts.of(name), read_fact.of(name), resource.text)
    ),
    *_of_facts(REPORTS, find_reports.interact, read_report.interact, "results by document"),
    *_of_facts(
        "Provenance", find_provenance.interact, read_provenance.interact, "where facts come from"
    ),
)

ROUTES: tuple[Route, ...] = (
    Route("GET", "metadata", capabilities.interact, (), "", "CapabilityStatement"),
    Route("GET", "openapi.json", describe_api.interact, (), "", "OpenAPI", any_media=True),
    Route("GET", "Patient", find_patient.interact, ("Patient.s",), "search-type", "TD0.2"),
    Route("POST", "Patient/_search", find_patient.interact, ("Patient.s",), "search-type", "TD0.2"),
    Route("GET", "Patient/{id}", read_patient.interact, ("Patient.r",), "read", "read a record"),
    Route("POST", "Patient", open_record.interact, ("Patient.c",), "create", "open a record"),
    Route(
        "GET",
        "DocumentReference",
        find_documents.interact,
        ("DocumentReference.s",),
        "search-type",
        "ITI-67, TD3.1",
    ),
    Route(
        "POST",
        "DocumentReference/_search",
        find_documents.interact,
        ("DocumentReference.s",),
        "search-type",
        "ITI-67, TD3.1",
    ),
    Route(
        "POST",
        "DocumentReference",
        submit_document.interact,
        ("DocumentReference.c",),
        "create",
        "ITI-105, TD2.1",
    ),
    Route(
        "GET",
        "DocumentReference/{id}",
        read_document_reference.interact,
        ("DocumentReference.r",),
        "read",
        "read metadata",
    ),
    Route(
        "PATCH",
        "DocumentReference",
        change_visibility.interact,
        ("DocumentReference.u",),
        "patch",
        "TD3.3a, TD3.3b, conditional",
    ),
    Route(
        "PATCH",
        "DocumentReference/{id}",
        change_visibility.interact,
        ("DocumentReference.u",),
        "patch",
        "TD3.3a, TD3.3b",
    ),
    Route(
        "GET",
        "Binary/{id}",
        retrieve_document.interact,
        ("Binary.r", "DocumentReference.r"),
        "read",
        "ITI-68, TD3.2",
        any_media=True,
    ),
    Route(
        "GET",
        "AuditEvent",
        read_history.interact,
        ("AuditEvent.s",),
        "search-type",
        "history of a record",
    ),
    Route(
        "POST",
        "AuditEvent/_search",
        read_history.interact,
        ("AuditEvent.s",),
        "search-type",
        "history of a record",
    ),
    Route("POST", "Consent", create_consent.interact, ("Consent.c",), "create", "authorise, block"),
    Route("GET", "Consent", find_consents.interact, ("Consent.s",), "search-type", "list ties"),
    Route(
        "POST",
        "Consent/_search",
        find_consents.interact,
        ("Consent.s",),
        "search-type",
        "list ties",
    ),
    Route("GET", "Consent/{id}", read_consent.interact, ("Consent.r",), "read", "read a tie"),
    Route(
        "PATCH",
        "Consent/{id}",
        end_consent.interact,
        ("Consent.u", "Consent.d"),
        "patch",
        "end a tie",
    ),
    Route(
        "DELETE",
        "Consent/{id}",
        end_consent.interact,
        ("Consent.d", "Consent.u"),
        "delete",
        "end a tie",
    ),
    *_FACTS,
)

REFUSALS: tuple[Refusal, ...] = (
    Refusal("POST", "", "transaction-not-offered"),
    Refusal("GET", "List", "lists-not-offered"),
    Refusal("POST", "List/_search", "lists-not-offered"),
    Refusal("GET", "List/{id}", "lists-not-offered"),
    Refusal("DELETE", "DocumentReference/{id}", "delete-not-offered"),
    Refusal("DELETE", "DocumentReference", "delete-not-offered"),
    Refusal("PUT", "DocumentReference/{id}", "update-not-offered"),
    Refusal("PUT", "DocumentReference", "update-not-offered"),
)


def _shape(parts: tuple[str, ...]) -> tuple[int, str, str]:
    """What tells two paths apart: length, type, and a second part that is no id."""
    second = parts[1] if len(parts) > 1 else ""
    literal = second if second.startswith("_") else "{id}" if second else ""
    return len(parts), parts[0] if parts else "", literal


def _parts(path: str) -> tuple[str, ...]:
    return tuple(path.split("/")) if path else ()


_BY_SHAPE: dict[tuple[int, str, str], dict[str, Route]] = {}
_REFUSED: dict[tuple[int, str, str], dict[str, str]] = {}
for _route in ROUTES:
    _BY_SHAPE.setdefault(_shape(_parts(_route.path)), {})[_route.method] = _route
for _refusal in REFUSALS:
    _shape_of = _shape(_parts(_refusal.path))
    _REFUSED.setdefault(_shape_of, {})[_refusal.method] = _refusal.code


def match(method: str, parts: tuple[str, ...]) -> tuple[Route, str]:
    """The route of a request and the id in its path. HEAD goes where GET goes.

    Raises ``route-unknown``, ``method-not-allowed`` (param ``allow``), or the code of a refusal.
    """
    shape = _shape(parts)
    methods = _BY_SHAPE.get(shape, {})
    route = methods.get("GET" if method == "HEAD" else method)
    if route is not None:
        return route, parts[1] if len(parts) > 1 else ""
    refused = _REFUSED.get(shape, {})
    code = refused.get("GET" if method == "HEAD" else method)
    if not methods and not refused:
        raise CarnetError("route-unknown")
    raise CarnetError(code or "method-not-allowed", allow=allowed(parts) or "none")


def allowed(parts: tuple[str, ...]) -> str:
    """The methods of a path, for the Allow header."""
    methods = set(_BY_SHAPE.get(_shape(parts), {}))
    if "GET" in methods:
        methods.add("HEAD")
    return ", ".join(sorted(methods))
