"""The OpenAPI description says what the tables say, no more and no less."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from carnet.fhir.interactions.capabilities import SEARCHES
from carnet.fhir.openapi import description
from carnet.fhir.openapi_bodies import BODIES, RESOURCES
from carnet.fhir.routes import ROUTES, Route
from carnet.statuses import STATUSES
from tests.fhir.test_app import send

BASE = "https://carnet.example/fhir"
API: dict[str, Any] = orjson.loads(description(BASE))


def operation(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = API["paths"]["/" + route.path][route.method.lower()]
    return found


def test_it_names_every_route_and_no_other() -> None:
    named = {(m.upper(), p[1:]) for p, one in API["paths"].items() for m in one}
    assert named == {(route.method, route.path) for route in ROUTES}
    ids = [operation(route)["operationId"] for route in ROUTES]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_an_operation_says_who_may_call_it_and_what_it_may_answer(route: Route) -> None:
    one = operation(route)
    assert [scope for way in one["security"] for scope in way["bearer"]] == list(route.scopes)
    refused = {str(status) for status in STATUSES.values()}
    if not route.scopes:
        refused -= {"401", "403"}
    assert refused <= set(one["responses"])
    placed = {p["name"] for p in one["parameters"] if p["in"] == "path"}
    assert placed == ({"id"} if "{id}" in route.path else set())


@pytest.mark.parametrize(
    "route", [r for r in ROUTES if r.code == "search-type"], ids=lambda r: f"{r.method} {r.path}"
)
def test_a_search_takes_the_parameters_of_its_table(route: Route) -> None:
    kind = route.path.partition("/")[0]
    one = operation(route)
    wanted = {item["name"] for item in SEARCHES[kind]}
    assert wanted <= {p["name"] for p in one["parameters"] if p["in"] == "query"}
    if route.method == "POST":
        form = one["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
        assert wanted <= set(form["properties"])


def test_every_change_has_a_body_and_every_body_a_schema() -> None:
    changing = {(route.method, route.path) for route in ROUTES if route.code in ("create", "patch")}
    assert set(BODIES) == changing
    assert {name for media in BODIES.values() for name in media.values()} <= set(RESOURCES)


def test_the_server_gives_it_to_whoever_asks() -> None:
    response = send("GET", "/fhir/openapi.json", token=None)
    assert response.status == 200
    assert response.body == description(BASE)


def test_it_takes_no_parameter() -> None:
    assert send("GET", "/fhir/openapi.json", "patient=1", token=None).status == 400
