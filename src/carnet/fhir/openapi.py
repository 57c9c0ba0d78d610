"""The FHIR face as OpenAPI 3.1, for client generators and fuzzers.

Made from the tables that serve requests: ``routes.ROUTES`` gives paths, methods and scopes, the
tables of search parameters give queries and forms, ``statuses.STATUSES`` gives the refusals, and
``openapi_bodies`` says what each body looks like. FHIR itself stays the reference for resources:
what stands here of them is what a client needs to send a request that is understood.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import orjson

from carnet.fhir.document_params import DOCUMENTS
from carnet.fhir.fact_params import FACTS, PROVENANCE
from carnet.fhir.interactions.find_consents import CONSENTS
from carnet.fhir.interactions.find_patient import PATIENTS
from carnet.fhir.interactions.find_provenance import ORIGINS
from carnet.fhir.interactions.read_history import HISTORY
from carnet.fhir.negotiate import FHIR_JSON, FORM, JSON, OPENAPI
from carnet.fhir.openapi_bodies import BODIES, RESOURCES
from carnet.fhir.params import Table
from carnet.fhir.routes import REFUSALS, ROUTES, Route
from carnet.statuses import STATUSES

Json = dict[str, object]

TABLES: dict[str, Table[Any]] = {  # their drafts differ, and are not looked at here
    "DocumentReference": DOCUMENTS,
    "Patient": PATIENTS,
    "AuditEvent": HISTORY,
    "Consent": CONSENTS,
    "Provenance": ORIGINS,
    **{name: params.table for name, params in FACTS.items()},
}
"""The search parameters of each resource."""

_TEXT: Json = {"type": "string", "minLength": 1}
_VALUES: dict[str, Json] = {
    "reference": {"type": "string", "pattern": r"^[A-Za-z0-9.:/-]+$"},
    "date": {"type": "string", "pattern": r"^(eq|ne|gt|lt|ge|le)?[0-9]{4}"},
    "token": _TEXT,
    "string": _TEXT,
    "special": _TEXT,
}
_SPECIAL: dict[str, Json] = {
    "_count": {"type": "integer", "minimum": 0, "maximum": 500},
    "_summary": {"enum": ["count", "false"]},
    "_total": {"enum": ["none", "estimate", "accurate"]},
    "_revinclude": {"enum": [PROVENANCE]},
    "isArchived": {"enum": ["true", "false"]},
}
_ID: Json = {"type": "string", "pattern": r"^[A-Za-z0-9.-]{1,64}$"}
_ETAG = {"type": "string", "pattern": r'^(W/)?"[1-9][0-9]{0,8}"$|^\*$'}
_SUCCESS: dict[str, tuple[int, ...]] = {"create": (201, 200)}
_GENERIC: tuple[Json, ...] = (
    {
        "name": "_format",
        "in": "query",
        "description": "Goes before Accept; JSON only.",
        "schema": {"enum": ["json", FHIR_JSON, JSON]},
    },
    {
        "name": "_pretty",
        "in": "query",
        "description": "Indents the answer.",
        "schema": {"enum": ["true", "false"]},
    },
    {
        "name": "X-Request-Id",
        "in": "header",
        "description": "Comes back, stands in the log, and is the reference of a refusal.",
        "schema": {"type": "string", "pattern": r"^[A-Za-z0-9._-]{1,64}$"},
    },
)
_PREFER: Json = {
    "name": "Prefer",
    "in": "header",
    "description": "return=minimal, representation or OperationOutcome; handling=lenient.",
    "schema": {
        "enum": [
            "return=minimal",
            "return=representation",
            "return=OperationOutcome",
            "handling=lenient",
            "handling=strict",
        ]
    },
}


@lru_cache(maxsize=4)
def description(base: str) -> bytes:
    """The OpenAPI document of the server whose FHIR base is ``base``."""
    paths: dict[str, Json] = {}
    for route in ROUTES:
        paths.setdefault("/" + route.path, {})[route.method.lower()] = _operation(route)
    return orjson.dumps(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Carnet, dossier médical partagé",
                "version": version("carnet"),
                "description": "FHIR R4 in JSON: IHE MHD 4.2.x, French PDSm 3.1.1 and PDSm for "
                "DMP 0.1.0. HEAD is answered wherever GET is.",
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "servers": [{"url": base}],
            "paths": paths,
            "components": {
                "securitySchemes": {
                    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
                },
                "schemas": RESOURCES,
                "responses": {"Refused": _refused()},
            },
            "x-carnet-refused": [
                {"method": item.method, "path": "/" + item.path, "code": item.code}
                for item in REFUSALS
            ],
        },
        option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
    )


def _operation(route: Route) -> Json:
    kind = route.path.partition("/")[0]
    out: Json = {
        "operationId": re.sub(r"[/{}]+", "-", f"{route.method.lower()}/{route.path}").strip("-"),
        "summary": route.text,
        "tags": [kind],
        "parameters": _parameters(route, kind),
        "responses": _responses(route, kind),
        "security": [{"bearer": [scope]} for scope in route.scopes],
    }
    body = _body(route, kind)
    if body is not None:
        out["requestBody"] = body
    return out


def _parameters(route: Route, kind: str) -> list[Json]:
    found: list[Json] = []
    if "{id}" in route.path:
        found.append({"name": "id", "in": "path", "required": True, "schema": _ID})
    if route.code == "search-type":
        found += _query(TABLES[kind])
    if route.method == "PATCH" and "{id}" not in route.path:
        found.append(
            {
                "name": "identifier",
                "in": "query",
                "required": True,
                "description": "urn:ietf:rfc:3986|urn:oid:… of the document.",
                "schema": _TEXT,
            }
        )
    if route.method in ("PATCH", "DELETE"):
        found.append({"name": "If-Match", "in": "header", "schema": _ETAG})
    if kind == "Binary":
        found.append({"name": "If-None-Match", "in": "header", "schema": _TEXT})
    elif route.scopes:
        found.append(_PREFER)
    return [*found, *_GENERIC]


def _query(table: Table[Any]) -> list[Json]:
    """The parameters of a search, and each with its modifiers as a parameter of its own."""
    found: list[Json] = []
    for name, param in table.params.items():
        schema = _SPECIAL.get(name, _VALUES[param.type])
        for full in (name, *(f"{name}:{modifier}" for modifier in param.modifiers)):
            one: Json = {"name": full, "in": "query", "description": param.text, "schema": schema}
            if not param.once:
                one["schema"] = {"type": "array", "items": schema}
                one["explode"] = True
            found.append(one)
    return found


def _body(route: Route, kind: str) -> Json | None:
    if route.path.endswith("/_search"):
        properties = {str(one["name"]): one["schema"] for one in _query(TABLES[kind])}
        schema: Json = {"type": "object", "properties": properties, "additionalProperties": False}
        return {"required": False, "content": {FORM: {"schema": schema}}}
    content = BODIES.get((route.method, route.path))
    if content is None:
        return None
    return {
        "required": True,
        "content": {
            media: {"schema": {"$ref": f"#/components/schemas/{name}"}}
            for media, name in content.items()
        },
    }


def _responses(route: Route, kind: str) -> Json:
    out: Json = {}
    for status in _SUCCESS.get(route.code, (200,)):
        out[str(status)] = {"description": route.text, **_content(route, kind)}
    if kind == "Binary":
        out["304"] = {"description": "The document has not changed; the access is traced."}
    for status in sorted(set(STATUSES.values())):
        if route.scopes or status not in (401, 403):
            out[str(status)] = {"$ref": "#/components/responses/Refused"}
    return out


def _content(route: Route, kind: str) -> Json:
    """What a success holds. Prefer may ask for no body at all, so no header is required."""
    if kind == "openapi.json":
        return {"content": {OPENAPI: {"schema": {"type": "object"}}}}
    if route.any_media:
        return {"content": {"*/*": {}}}
    name = {"metadata": "CapabilityStatement"}.get(kind, kind)
    if route.code == "search-type":
        name = "Bundle"
    schema: Json = {"$ref": f"#/components/schemas/{name}"}
    if route.code in ("create", "patch", "delete"):
        schema = {"anyOf": [schema, {"$ref": "#/components/schemas/OperationOutcome"}]}
    return {"content": {FHIR_JSON: {"schema": schema}, JSON: {"schema": schema}}}


def _refused() -> Json:
    outcome = {"schema": {"$ref": "#/components/schemas/OperationOutcome"}}
    retry = {
        "description": "With 429 and 503: seconds after which to try again.",
        "schema": {"type": "integer"},
    }
    return {
        "description": "Refused: the code of the catalogue (docs/errors.md) is in details.coding.",
        "headers": {"Retry-After": retry},
        "content": {FHIR_JSON: outcome},
    }
