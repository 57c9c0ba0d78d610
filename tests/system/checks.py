"""Every resource that Carnet answers is read by two libraries that nobody here wrote."""

from __future__ import annotations

from typing import Any

import httpx2
from fhir.resources.R4B import get_fhir_model_class
from fhirclient.models.fhirelementfactory import FHIRElementFactory

from carnet.record.catalogue import CATALOGUE

_MEDIA_TYPES = ("application/fhir+json", "application/json")


def is_fhir(response: httpx2.Response) -> bool:
    """Whether an answer holds a resource."""
    kind = response.headers.get("content-type", "").partition(";")[0]
    return bool(response.content) and kind in _MEDIA_TYPES


def check_resource(resource: dict[str, Any]) -> None:
    """The resource parses with ``fhir.resources.R4B`` and with ``fhirclient`` (R4 4.0.1)."""
    kind = resource["resourceType"]
    get_fhir_model_class(kind).model_validate(resource)
    FHIRElementFactory.instantiate(kind, resource)


def check_response(response: httpx2.Response) -> None:
    """What holds for every answer: no fault of Carnet, no cache, and resources that parse."""
    assert response.status_code < 500 or response.status_code == 503, response.text
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    if is_fhir(response):
        resource = response.json()
        check_resource(resource)
        if response.status_code >= 400:
            assert resource["resourceType"] == "OperationOutcome"
            check_outcome(resource)


def check_outcome(outcome: dict[str, Any]) -> None:
    """A refusal has a code of the catalogue, French text, English diagnostics, no traceback."""
    (issue,) = outcome["issue"]
    assert issue["details"]["coding"][0]["code"] in CATALOGUE
    assert issue["details"]["text"]
    assert issue["diagnostics"]
    said = issue["details"]["text"] + issue["diagnostics"]
    assert "Traceback" not in said
    assert ".py" not in said
    assert "{" not in said, "a sentence was left with a hole"
    assert "?" not in issue["details"]["text"], "a parameter of the sentence is missing"


def code_of(response: httpx2.Response) -> str:
    """Carnet's code of a refusal."""
    code: str = response.json()["issue"][0]["details"]["coding"][0]["code"]
    return code


def refused(response: httpx2.Response, status: int, code: str, element: str | None = None) -> None:
    """The answer is this refusal, and names this element where one is given."""
    assert response.status_code == status, response.text
    assert code_of(response) == code, response.text
    if element is not None:
        assert response.json()["issue"][0]["expression"] == [element]


def faceless(response: httpx2.Response, *asked: str) -> bytes:
    """An answer's bytes without its reference and without the ids that were asked for."""
    body = response.content
    for word in (response.headers.get("x-request-id", ""), *asked):
        if word:
            body = body.replace(word.encode(), b"*")
    return body


def entries(bundle: dict[str, Any], mode: str = "match") -> list[dict[str, Any]]:
    """The resources of a searchset, of one mode."""
    found = bundle.get("entry", [])
    return [item["resource"] for item in found if item["search"]["mode"] == mode]


def ids(response: httpx2.Response) -> list[str]:
    """The ids of what a search found."""
    assert response.status_code == 200, response.text
    return [resource["id"] for resource in entries(response.json())]
