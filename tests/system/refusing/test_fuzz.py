"""Parameters, paths, headers and resources made at random: never a fault, always an answer."""

from __future__ import annotations

import copy
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.fhir.document_params import DOCUMENTS
from carnet.fhir.interactions.find_consents import CONSENTS
from carnet.fhir.interactions.find_patient import PATIENTS
from carnet.fhir.interactions.read_history import HISTORY
from tests.system.documents import hiding, simplified
from tests.system.people import ENDOCRINOLOGIST, GENERALIST, opening, tie
from tests.system.refusing.changes import Scene
from tests.system.server import FHIR, JSON_PATCH, Node

ANSWERS = {200, 304, 400, 403, 404, 405, 406, 409, 412, 413, 415, 422}
TABLES: dict[str, Any] = {
    "DocumentReference": DOCUMENTS,
    "Patient": PATIENTS,
    "AuditEvent": HISTORY,
    "Consent": CONSENTS,
}
TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["|", "||", ",", "\\", "\\,", "$", "a|b|c", "urn:oid:", "urn:oid:|", "0", "-1", "9" * 30]
    ),
    st.sampled_from(
        [
            "ge2024",
            "2024-02-30",
            "ap2024",
            "2024-01-01T25:00:00Z",
            "9999-12-31",
            "0001",
            "ne2024-01",
        ]
    ),
    st.sampled_from(["true", "TRUE", "current,", "accurate", "count", "-date,date", "%00", "\x00"]),
)
NAMES = st.sampled_from(
    sorted({name for table in TABLES.values() for name in table.params})
    + sorted({name for table in TABLES.values() for name in table.later})
)
READ = ["Binary", "DocumentReference", "Consent", "Patient"]
PARAMETERS = st.lists(
    st.tuples(
        st.one_of(NAMES, st.text(max_size=12)),
        st.sampled_from(["", "", "", ":not", ":exact", ":missing", ":"]),
        TEXTS,
    ),
    max_size=4,
)


@given(resource=st.sampled_from(sorted(TABLES)), asked=PARAMETERS, lenient=st.booleans())
def test_any_search_is_answered(
    node: Node, scene: Scene, resource: str, asked: list[tuple[str, str, str]], lenient: bool
) -> None:
    named = "identifier" if resource == "Patient" else "patient.identifier"
    query = [(named, scene.who.token), *((name + more, value) for name, more, value in asked)]
    headers = {"prefer": "handling=lenient"} if lenient else {}
    response = node.acting(scene.who).request(
        "GET", resource, params=[(k, _plain(v)) for k, v in query], headers=headers
    )
    assert response.status_code in ANSWERS


def _plain(text: str) -> str:
    """Surrogates cannot be sent as UTF-8; raw ones are sent in ``test_sockets``."""
    return text.encode("utf-8", "replace").decode()


@given(
    name=st.text(min_size=1, max_size=70),
    path=st.sampled_from(["Binary", "DocumentReference", "Consent", "Patient"]),
)
def test_any_id_is_answered(node: Node, scene: Scene, name: str, path: str) -> None:
    from urllib.parse import quote

    where = f"{path}/{quote(_plain(name), safe='')}"
    response = node.acting(scene.who).request("GET", where)
    assert response.status_code in ANSWERS


PRINTED = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60).map(str.strip)


@given(
    accept=st.one_of(
        PRINTED,
        st.sampled_from(["*/*;q=nan", "a/b;q=1e999", "*/*;q=-1", ",,,", ";q=1", "*/*;q=0"]),
    ),
    tag=PRINTED,
)
def test_any_header_is_answered(node: Node, scene: Scene, accept: str, tag: str) -> None:
    url = scene.first["content"][0]["attachment"]["url"]
    headers = {"accept": accept, "if-none-match": tag, "prefer": tag}
    assert node.acting(scene.who).request("GET", url, headers=headers).status_code in ANSWERS
    changed = node.acting(scene.who).patch(
        f"DocumentReference/{scene.first['id']}", [], accept=accept, if_match=tag
    )
    assert changed.status_code in ANSWERS


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every member and item of a JSON value."""
    found = [path] if path else []
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, inner in items:
        found += places(inner, (*path, key))
    return found


def with_change(resource: Any, path: tuple[Any, ...], value: Any, act: str) -> Any:
    """The resource with one member replaced, removed or joined by another."""
    changed = copy.deepcopy(resource)
    holder = changed
    for part in path[:-1]:
        holder = holder[part]
    if act == "replace":
        holder[path[-1]] = value
    elif act == "remove":
        del holder[path[-1]]
    elif isinstance(holder, dict):
        holder["added"] = value
    else:
        holder.append(value)
    return changed


@pytest.mark.parametrize("kind", ["DocumentReference", "Patient", "Consent", "Patch"])
@given(data=st.data())
def test_any_resource_is_answered(node: Node, scene: Scene, kind: str, data: st.DataObject) -> None:
    whole: Any = {
        "DocumentReference": simplified(scene.letter),
        "Patient": opening(scene.who),
        "Consent": tie(scene.who, ENDOCRINOLOGIST),
        "Patch": hiding(),
    }[kind]
    whole = json.loads(msgspec.json.encode(whole))
    path = data.draw(st.sampled_from(places(whole)))
    act = data.draw(st.sampled_from(["replace", "replace", "remove", "add"]))
    changed = with_change(whole, path, data.draw(JSON), act)
    # What a change leaves valid would be stored: somebody who may not do it asks.
    stranger = node.acting(scene.stranger if kind != "Patch" else GENERALIST)
    if kind == "Patch":
        where, method, media = f"DocumentReference/{scene.first['id']}", "PATCH", JSON_PATCH
    else:
        where, method, media = kind, "POST", FHIR
    body = json.dumps(changed, ensure_ascii=data.draw(st.booleans())).encode("utf-8", "replace")
    response = stranger.request(method, where, content=body, headers={"content-type": media})
    assert response.status_code in ANSWERS
