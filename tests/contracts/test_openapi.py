"""The running service against its own OpenAPI: no input makes it fail, and every answer is what the document says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks

from tests.fakes.clients import Agent, Customer, signed_in
from tests.fakes.server import Server

Case = schemathesis.Case[Any]
CHECKS: Any = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
ENDING = ("/desk/customers", "/auth/password", "/auth/sign-in", "/auth/link", "/auth/sign-out")
"""What ends a session or what others rest on comes last, in this order."""
FEW, MANY = 20, 200


@dataclass
class Caller:
    """Who calls, and the ids that lead somewhere for them."""

    base: str
    headers: dict[str, str]
    known: dict[str, list[str]] = field(default_factory=dict)
    succeeded: set[str] = field(default_factory=set)

    def aim(self, case: Case, data: st.DataObject) -> None:
        """Put ids of what exists into the path, mostly; and do not sit out long polls."""
        for name in case.path_parameters or {}:
            if name in self.known and data.draw(st.integers(0, 4)):
                case.path_parameters[name] = data.draw(st.sampled_from(self.known[name]))
        if isinstance(case.query, dict) and "wait" in case.query:
            case.query["wait"] = 0


@pytest.fixture
def callers(lone_server: Server) -> dict[str, Caller]:
    """A customer and an administrator who is at everything, on a server that may be ruined."""
    lone_server.start()
    return asyncio.run(_callers(lone_server))


async def _callers(server: Server) -> dict[str, Caller]:
    customers = [await Customer.arrive(server) for _ in range(4)]
    agent = await Agent.sign_in(server, "zhou")
    for customer in customers:
        await customer.say("国外刷卡怎么结算")
    for customer in customers[1:]:
        await customer.ask_for_person()
    for customer in customers[2:]:
        await agent.accept(customer.conversation_id)
    first = customers[0]
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    answer = await first.http.post(f"/api/v1{first.path}/attachments", files={"file": ("a.png", png, "image/png")})
    colleague = await signed_in(server, "lin")
    known = {
        "conversation_id": [customer.conversation_id for customer in customers],
        "attachment_id": [answer.json()["id"], str(uuid4())],
        "customer_id": [customer.id for customer in customers[3:]],
        "article_id": [a["id"] for a in (await agent.http.get("/api/v1/articles")).json()["articles"]],
        "staff_id": [(await colleague.get("/api/v1/auth/me")).json()["id"]],
        "agent_id": [(await colleague.get("/api/v1/auth/me")).json()["id"]],
        "script_id": [await _make_script(agent)],
        "version": ["1"],
        "flow_id": [await _draft_flow(agent)],
    }
    staff = {"Cookie": agent.cookie, "X-CSRF-Token": agent.http.headers["X-CSRF-Token"]}
    visitor = {"Authorization": first.http.headers["Authorization"]}
    everyone: list[Customer | Agent] = [*customers, agent]
    for one in everyone:
        await one.leave()
    await colleague.aclose()
    return {
        "customer": Caller(server.base, visitor, {**known, "conversation_id": [first.conversation_id]}),
        "staff": Caller(server.base, staff, known),
    }


async def _make_script(agent: Agent) -> str:
    body = {"title": "开场", "text": "您好", "category": "开场", "locale": "zh-Hans"}
    return str((await agent.http.post("/api/v1/scripts", json=body)).json()["id"])


async def _draft_flow(agent: Agent) -> str:
    draft = {"text": "flow: find-branch\n", "expect": ""}
    (await agent.http.put("/api/v1/flows/find-branch/draft", json=draft)).raise_for_status()
    return "find-branch"


def _load(base: str) -> Any:
    config = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
    return schemathesis.openapi.from_url(f"{base}/api/v1/openapi.json", config=config)


def _failures(operation: Any, caller: Caller, examples: int) -> list[str]:
    """Call one operation with good and with bad input; return what was wrong with the answers."""
    modes = schemathesis.GenerationMode
    cases = st.one_of(operation.as_strategy(modes.POSITIVE), operation.as_strategy(modes.NEGATIVE))
    session = requests.Session()

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=cases, data=st.data())
    def check(case: Case, data: st.DataObject) -> None:
        caller.aim(case, data)
        answer = case.call_and_validate(base_url=caller.base, session=session, headers=caller.headers, checks=CHECKS)
        if answer.status_code < 400:
            caller.succeeded.add(operation.label)

    try:
        check()
    except FailureGroup as group:
        return [f"{operation.label}: {failure}" for failure in group.exceptions]
    except Failure as failure:
        return [f"{operation.label}: {failure}"]
    return []


def _examine(caller: Caller, examples: int) -> list[str]:
    operations = [result.ok() for result in _load(caller.base).get_all_operations()]
    assert len(operations) > 40
    operations.sort(key=lambda operation: next((1 + i for i, path in enumerate(ENDING) if path in operation.path), 0))
    found = [found for operation in operations for found in _failures(operation, caller, examples)]
    assert len(caller.succeeded) > 12, "so little was answered well that this shows nothing"
    return found


@pytest.mark.timeout(300)
def test_every_answer_is_what_the_document_says(callers: dict[str, Caller]) -> None:
    assert [found for caller in callers.values() for found in _examine(caller, FEW)] == []


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("who", ["customer", "staff"])
def test_every_answer_is_what_the_document_says_at_length(callers: dict[str, Caller], who: str) -> None:
    assert _examine(callers[who], MANY) == []
