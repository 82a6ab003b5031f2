"""The fake that the dialogue's tests use behaves as the port says."""

from __future__ import annotations

from tests.fakes.actions import FakeActions
from warmline.connectors.model import ActionResult, Effect, Status
from warmline.connectors.ports import Actions
from warmline.connectors.service import ActionService

PORTS: tuple[type[Actions], ...] = (FakeActions, ActionService)
"""Both are what the dialogue expects, as far as types say."""


async def test_it_answers_as_scripted_and_does_nothing_twice() -> None:
    actions = FakeActions(freeze_card=Effect.PROTECT, list_cards=Effect.READ)
    actions.script("list_cards", {"cards": []}, ActionResult(Status.FAILED, code="timeout"))
    statuses = [(await actions.call("list_cards", {}, key="", within=1)).status for _ in range(3)]
    assert statuses == [Status.OK, Status.FAILED, Status.FAILED]
    actions.script("freeze_card", ActionResult(Status.UNKNOWN), {"reference": "1"}, {"reference": "2"})
    frozen = [await actions.call("freeze_card", {"card_id": "c"}, key="k", within=1) for _ in range(3)]
    assert [one.data.get("reference") for one in frozen] == [None, "1", "1"]
    assert actions.calls[-1].arguments == {"card_id": "c"}
