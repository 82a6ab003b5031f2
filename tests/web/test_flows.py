"""Flows over real HTTP: who may do what, what a mistake says, and that nothing unproved goes live."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text as sql

from tests.fakes.offline_bank import IDENTITY, write_actions
from tests.support import until
from tests.web.conftest import HOURS
from tests.web.support import Desk, House
from warmline.dialogue.flows.proofs import ProofService
from warmline.settings import Settings
from warmline.staff.model import Role

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]
PROOF_SECONDS = 120
ID = "opening-hours"
FLOW = """flow: opening-hours
title: {zh-Hans: 营业时间, zh-Hant: 營業時間, en: Opening hours}
starts: {articles: [lost]}
slots:
  day:
    type: option
    options:
      weekday: {label: {zh-Hans: 平日, zh-Hant: 平日, en: A weekday}, words: [工作日, weekday]}
      weekend: {label: {zh-Hans: 周末, zh-Hant: 週末, en: The weekend}, words: [周末, weekend]}
    ask: {zh-Hans: 平日还是周末？, zh-Hant: 平日還是週末？, en: "A weekday or the weekend?"}
steps:
  - ask: day
  - end: told
    say: {zh-Hans: 九点到五点。, zh-Hant: 九點到五點。, en: From nine to five.}
"""
ASKED_TWICE = FLOW.replace(
    "steps:\n",
    """  again:
    type: yes_no
    passing: false
    ask: {zh-Hans: 平日还是周末？, zh-Hant: 平日還是週末？, en: "A weekday or the weekend?"}
steps:
  - ask: again
""",
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The demo's identity, and its core banking as its OpenAPI describes it."""
    folder = tmp_path_factory.mktemp("bank")
    return Settings(
        data=folder, hours_weekdays=HOURS, hours_weekends=HOURS, hours_holidays=HOURS, requests_per_second=10_000,
        identity_levels=IDENTITY, actions=write_actions(folder),
    )  # fmt: skip


@pytest_asyncio.fixture(loop_scope="module")
async def editor(house: House) -> Desk:
    async with house.node.uow.begin() as tx:
        for table in ("flow_version", "flow", "flow_proof"):
            await tx.connection.execute(sql(f"delete from {table}"))
    return await house.hire(Role.EDITOR)


async def call(desk: Desk, method: str, path: str, body: Any = None, status: int = 200, **more: Any) -> Any:
    answer = await desk.client.request(method, f"/flows{path}", json=body, **more)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def save(desk: Desk, text: str = FLOW, expect: str = "", status: int = 200) -> Any:
    return await call(desk, "PUT", f"/{ID}/draft", {"text": text, "expect": expect}, status)


async def prove(desk: Desk) -> Any:
    begun = await call(desk, "POST", f"/{ID}/proof", status=202)
    assert begun["state"] in ("running", "holds", "fails")
    async with asyncio.timeout(PROOF_SECONDS):
        while True:
            found = await call(desk, "GET", f"/{ID}/proof")
            if found["state"] != "running":
                return found
            await asyncio.sleep(0.2)


async def test_mistakes_have_a_place_and_words_in_the_reader_s_language(house: House, editor: Desk) -> None:
    wrong = FLOW.replace("- ask: day", "- ask: dya").replace("[lost]", "[lots]")
    checked = await call(editor, "POST", f"/{ID}/check", {"text": wrong}, headers={"Accept-Language": "zh-CN"})
    told = {one["line"]: (one["message"], one["instead"]) for one in checked["problems"]}
    assert told[3] == ("没有叫“lots”的知识点", "请写一个已发布的知识点的编号")
    assert told[12] == ("没有叫“dya”的要素", "您要写的是不是“day”？")
    assert {node["kind"] for node in checked["graph"]["nodes"]} == {"start", "ask", "end"}
    english = await call(editor, "POST", f"/{ID}/check", {"text": wrong}, headers={"Accept-Language": "en"})
    assert "there is no slot `dya`" in [one["message"] for one in english["problems"]]
    assert (await call(editor, "POST", f"/{ID}/check", {"text": FLOW}))["problems"] == []


@pytest.mark.parametrize(
    "text", ["", "steps", "a: [", "[" * 5_000, "a: &a [1]\nb: *a", "\t", "x: !!python/object:os.system {}", "{{}}: 1"]
)
async def test_whatever_is_written_is_answered_with_where_it_is_wrong(editor: Desk, text: str) -> None:
    checked = await call(editor, "POST", f"/{ID}/check", {"text": text})
    assert checked["graph"] is None
    assert all(one["line"] >= 1 and one["message"] for one in checked["problems"])
    assert checked["problems"]


async def test_a_body_that_is_no_text_is_refused(editor: Desk) -> None:
    for raw in (b'{"text": "a\\u0000b"}', b'{"text": "\\ud800"}', b'{"text": 1}', b"{}", b"["):
        answer = await editor.client.post(
            f"/flows/{ID}/check", content=raw, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 422, answer.text
    await call(editor, "POST", f"/{ID}/check", {"text": "x" * 200_001}, 422)
    await call(editor, "POST", "/No-Flow/check", {"text": FLOW}, 422)


async def test_a_flow_has_its_own_name_and_its_own_articles(house: House, editor: Desk) -> None:
    async with house.node.uow.begin() as tx:
        await house.node.flows.publish(tx, FLOW, actor="system")
    await house.node.flow_keeper.read()
    checked = await call(editor, "POST", "/other/check", {"text": FLOW}, headers={"Accept-Language": "en"})
    told = [one["message"] for one in checked["problems"]]
    assert "this is the flow `other`, and the file says `opening-hours`" in told
    assert "the article `lost` begins another flow already, `opening-hours`" in told
    async with house.node.uow.begin() as tx:
        await house.node.flows.retire(tx, ID, actor="system")
    await house.node.flow_keeper.read()


async def test_of_two_editors_the_second_is_told_and_nothing_is_overwritten(house: House, editor: Desk) -> None:
    other = await house.hire(Role.EDITOR)
    saved = await save(editor)
    assert (saved["has_draft"], saved["live_version"], saved["text"]) == (True, None, FLOW)
    refused = await save(other, FLOW + "# mine\n", status=409)
    assert (refused["error"]["code"], refused["error"]["fields"]["by"]) == ("flow_changed", editor.name)
    mine = await save(other, FLOW + "# mine\n", saved["mark"])
    await save(editor, FLOW + "# late\n", saved["mark"], 409)
    assert (await call(editor, "GET", f"/{ID}"))["text"] == FLOW + "# mine\n"
    for path, body in (("draft/drop", {"expect": saved["mark"]}), ("publish", {"expect": saved["mark"]})):
        refused = await call(editor, "POST", f"/{ID}/{path}", body, 409)
        assert refused["error"]["code"] in ("flow_changed", "flow_not_proved")
    await call(other, "POST", f"/{ID}/draft/drop", {"expect": mine["mark"]}, 204)
    await call(editor, "GET", f"/{ID}", status=404)


async def test_what_is_proved_goes_live_and_nothing_else(house: House, editor: Desk) -> None:
    saved = await save(editor)
    refused = await call(editor, "POST", f"/{ID}/publish", {"expect": saved["mark"]}, 409)
    assert refused["error"]["code"] == "flow_not_proved"
    proof = await prove(editor)
    assert (proof["state"], proof["longest_path_to_human"], proof["breaches"]) == ("holds", 1, [])
    assert proof["states"] > 100
    changed = await save(editor, FLOW + "# one more line\n", saved["mark"])
    assert (await call(editor, "GET", f"/{ID}/proof"))["state"] == "none"
    refused = await call(editor, "POST", f"/{ID}/publish", {"expect": changed["mark"]}, 409)
    assert refused["error"]["code"] == "flow_not_proved"
    back = await save(editor, FLOW, changed["mark"])
    live = await call(editor, "POST", f"/{ID}/publish", {"expect": back["mark"]})
    assert (live["live_version"], live["has_draft"], live["published_by"]) == (1, False, editor.name)
    listed = (await call(editor, "GET", ""))["flows"]
    assert [(one["id"], one["live_version"], one["articles"]) for one in listed] == [(ID, 1, ["lost"])]
    await until(lambda: house.node.flow_keeper.current().find(ID) is not None)  # type: ignore[union-attr]
    async with house.node.uow.begin() as tx:
        query = sql("select action from audit_entry where subject = :flow and actor = :actor order by at")
        values = {"flow": f"flow:{ID}", "actor": f"staff:{editor.id}"}
        done = list((await tx.connection.execute(query, values)).scalars())
    assert [one for one in done if one != "flow.drafted"] == ["flow.proved", "flow.published"]


async def test_a_proof_that_fails_tells_a_dialogue_and_what_is_live_stays(house: House, editor: Desk) -> None:
    async with house.node.uow.begin() as tx:
        await house.node.flows.publish(tx, FLOW, actor="system")
    await house.node.flow_keeper.read()
    loaded = await call(editor, "GET", f"/{ID}")
    saved = await save(editor, ASKED_TWICE, loaded["mark"])
    proof = await prove(editor)
    assert (proof["state"], proof["breaches"][0]["invariant"]) == ("fails", "I8")
    assert [line["who"] for line in proof["dialogue"]][:2] == ["customer", "assistant"]
    refused = await call(editor, "POST", f"/{ID}/publish", {"expect": saved["mark"]}, 409)
    assert refused["error"]["code"] == "flow_not_proved"
    now = await call(editor, "GET", f"/{ID}")
    assert (now["live_version"], now["live_text"]) == (1, FLOW)
    assert (await call(editor, "GET", f"/{ID}/versions"))["versions"][0]["live"]


async def test_with_mistakes_no_proof_begins(editor: Desk) -> None:
    await save(editor, FLOW.replace("- ask: day", "- ask: dya"))
    refused = await call(editor, "POST", f"/{ID}/proof", status=409)
    assert (refused["error"]["code"], refused["error"]["fields"]["line"]) == ("flow_has_mistakes", 12)


async def test_an_earlier_version_goes_through_the_proof_again(house: House, editor: Desk) -> None:
    async with house.node.uow.begin() as tx:
        await house.node.flows.publish(tx, ASKED_TWICE, actor="system")
        await house.node.flows.publish(tx, FLOW, actor="system")
    loaded = await call(editor, "GET", f"/{ID}")
    assert (await call(editor, "GET", f"/{ID}/versions/1"))["text"] == ASKED_TWICE
    restored = await call(editor, "POST", f"/{ID}/versions/1/restore", {"expect": loaded["mark"]})
    assert (restored["text"], restored["live_version"]) == (ASKED_TWICE, 2)
    assert (await prove(editor))["state"] == "fails"
    await call(editor, "POST", f"/{ID}/publish", {"expect": restored["mark"]}, 409)
    await call(editor, "GET", f"/{ID}/versions/9", status=404)


async def test_a_flow_taken_out_begins_no_more(house: House, editor: Desk) -> None:
    async with house.node.uow.begin() as tx:
        await house.node.flows.publish(tx, FLOW, actor="system")
    loaded = await call(editor, "GET", f"/{ID}")
    out = await call(editor, "POST", f"/{ID}/retire", {"expect": loaded["mark"]})
    assert (out["live_version"], out["text"]) == (None, "")


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.ANALYST])
async def test_others_read_and_change_nothing(house: House, editor: Desk, role: Role) -> None:
    saved = await save(editor)
    reader = await house.hire(role)
    for path in ("", f"/{ID}", f"/{ID}/versions", f"/{ID}/proof"):
        await call(reader, "GET", path)
    await call(reader, "POST", f"/{ID}/check", {"text": FLOW})
    act = {"expect": saved["mark"]}
    await call(reader, "PUT", f"/{ID}/draft", {"text": "", **act}, 403)
    for path in ("proof", "publish", "retire", "draft/drop", "versions/1/restore"):
        await call(reader, "POST", f"/{ID}/{path}", act, 403)
    assert (await call(editor, "GET", f"/{ID}"))["mark"] == saved["mark"]


async def test_customers_have_no_way_to_flows(house: House, editor: Desk) -> None:
    await save(editor)
    page = await house.arrive()
    for method, path in (("GET", "/flows"), ("GET", f"/flows/{ID}"), ("PUT", f"/flows/{ID}/draft")):
        assert (await page.client.request(method, path, json={"text": "", "expect": ""})).status_code == 401
    assert (await httpx.AsyncClient().get(f"{house.base}/api/v1/flows")).status_code == 401


async def test_a_proof_that_breaks_can_be_begun_again_and_blocks_nobody(
    house: House, editor: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await save(editor)
    with monkeypatch.context() as patch:
        patch.setattr(house.node.proofs, "_command", ("sh", "-c", "cat > /dev/null; sleep 0.3; exit 3"))
        begun = await call(editor, "POST", f"/{ID}/proof", status=202)
        assert begun["state"] == "running"
        again = await call(editor, "POST", f"/{ID}/proof", status=202)
        assert again["started_at"] == begun["started_at"]
        assert (await prove(editor))["state"] == "broke"
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == [
        f"the proof of flow {ID} broke with RuntimeError"
    ]
    caplog.clear()
    assert (await prove(editor))["state"] == "holds"


async def test_a_node_that_stops_leaves_no_proof_hanging(house: House, editor: Desk) -> None:
    saved = await save(editor)
    node = house.node
    proofs = ProofService(node.uow, node.clock, node.proofs._ground, ("sh", "-c", "exec sleep 60"))
    task = await proofs.task_of(ID, saved["text"])
    async with node.uow.begin() as tx:
        await proofs.start(tx, task, actor="system")
    await until(lambda: bool(proofs._running))
    await asyncio.wait_for(proofs.stop(), 10)
    assert (await call(editor, "GET", f"/{ID}/proof"))["state"] == "broke"
