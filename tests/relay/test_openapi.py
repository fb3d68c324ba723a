"""The OpenAPI document says what the relay does: every request, every answer, whatever is sent."""

from __future__ import annotations

import inspect
import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from kunak.relay import refusals, wire
from kunak.relay.answers import DESCRIPTION
from kunak.relay.api import STATUS
from kunak.relay.refusals import Refused

DOCUMENT: dict[str, Any] = json.loads(DESCRIPTION)
METHODS = {"get", "put", "post", "delete", "head"}
OPERATIONS = [(path, method) for path, item in DOCUMENT["paths"].items() for method in sorted(METHODS & set(item))]


def responses(path: str, method: str) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"][path][method]["responses"]
    return found


def test_it_names_every_route_and_no_other(door: Starlette) -> None:
    there = {path: {method.lower() for method in methods} for path, methods in door.state.relay.requests.items()}
    # Every GET answers HEAD too; it is named where somebody needs it.
    named = {
        path: METHODS & set(item) | ({"head"} if "get" in item else set()) for path, item in DOCUMENT["paths"].items()
    }
    assert named == there


def test_it_is_served_as_it_stands(anyone: httpx.Client) -> None:
    assert anyone.get(wire.OPENAPI).json() == DOCUMENT


def test_every_refusal_has_a_status_and_a_place_in_the_document() -> None:
    # What can stop a relay from starting is no answer to a request.
    kinds = {kind for _, kind in inspect.getmembers(refusals, inspect.isclass) if issubclass(kind, Refused)}
    assert set(STATUS) == kinds - {Refused, refusals.InUse}
    words = DOCUMENT["components"]["schemas"]["Refusal"]["properties"]["error"]["enum"]
    assert set(words) == {kind.word for kind in STATUS}
    for response in DOCUMENT["components"]["responses"].values():
        listed = response["content"]["application/json"]["schema"]["allOf"][1]["properties"]["error"]["enum"]
        assert len({STATUS[kind] for kind in STATUS if kind.word in listed}) == 1


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_what_needs_a_signature_says_so(anyone: httpx.Client, path: str, method: str) -> None:
    answer = anyone.request(method, path.replace("{id}", "ab" * 16))
    needs = DOCUMENT["paths"][path][method]["security"] == [{"deviceSignature": []}]
    assert (answer.status_code == 401 and str(answer.status_code) in responses(path, method)) == (
        needs or (method == "put" and path in (wire.ROSTER, wire.HELPLINE))
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    operation=st.sampled_from(OPERATIONS),
    name=st.one_of(
        st.just("ab" * 16),
        st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
        st.from_regex(r"[A-Za-z0-9.~-]{1,40}", fullmatch=True).filter(lambda name: name not in {".", ".."}),
    ),
    message=st.one_of(
        st.none(),
        st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
        st.from_regex(r"[ -~]{0,40}", fullmatch=True).map(str.strip),
    ),
    after=st.one_of(st.none(), st.integers(-5, 10**20).map(str), st.from_regex(r"[0-9a-z]{1,4}", fullmatch=True)),
    body=st.one_of(
        st.binary(max_size=200),
        st.integers(0, 3).map(lambda n: wire.encode_appends([(b"l" * 16, bytes(n * 4096))])),
        st.just(bytes(4096)),
        st.just(bytes(wire.BLOB_SIZE)),
        st.lists(st.integers(-2, 2**65), max_size=3).map(lambda numbers: json.dumps({"positions": numbers}).encode()),
    ),
)
def test_whatever_is_sent_the_answer_is_one_that_the_document_knows(
    desk: httpx.Client, operation: tuple[str, str], name: str, message: str | None, after: str | None, body: bytes
) -> None:
    path, method = operation
    headers = {} if message is None else {wire.MESSAGE_HEADER: message}
    parameters = {} if after is None else {"after": after}
    content = body if method in ("put", "post") else b""
    answer = desk.request(method, path.replace("{id}", name), headers=headers, params=parameters, content=content)
    known = responses(path, method)
    assert str(answer.status_code) in known
    if answer.status_code != 200 and method != "head":
        refusal = answer.json()
        shape = known[str(answer.status_code)]["$ref"].rpartition("/")[2]
        schema = DOCUMENT["components"]["responses"][shape]["content"]["application/json"]["schema"]
        assert refusal["error"] in schema["allOf"][1]["properties"]["error"]["enum"]
        assert isinstance(refusal["again"], bool)
        assert refusal["sentence"].endswith(".")
