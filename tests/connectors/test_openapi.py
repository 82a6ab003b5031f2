"""Actions over OpenAPI: every status on every bad day, against the bank's real core-banking service."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.conftest import ACTIONS, environment_of, open_at
from tests.fakes.core_banking import CoreBanking
from tests.fakes.server import free_port
from warmline.connectors.config import read_actions
from warmline.connectors.errors import UnknownActionError
from warmline.connectors.model import Action, ActionResult, Effect, Status
from warmline.connectors.service import ActionService, open_actions
from warmline.kit.strict_yaml import FileMistakeError

BUSY_SECONDS = 0.1
"""By so much a busy machine may be late; without the bound a call takes seconds longer."""
LOST = {"card_id": "card-6615", "reason": "lost"}
VISIT = {"branch_id": "renmin", "date": "2026-11-30", "time": "09:30", "matter": "开户"}


async def freeze(actions: ActionService, key: str = "key-freeze", within: float = 3) -> ActionResult:
    return await actions.call("freeze_card", LOST, key=key, within=within, subject="CH-1002")


async def read(actions: ActionService, within: float = 3) -> ActionResult:
    return await actions.call("list_cards", {}, key="", within=within, subject="CH-1002")


def test_every_action_is_described_by_the_document(actions: ActionService) -> None:
    known = actions.known()
    assert len(known) == 25
    freeze = known["freeze_card"]
    assert (freeze.effect, freeze.timeout_seconds, freeze.retries) == (Effect.PROTECT, 1.2, 1)
    assert freeze.parameters["required"] == ["card_id", "reason"]
    assert set(freeze.parameters["properties"]) == {"card_id", "reason"}, "what the connector fills in is not asked for"
    assert set(freeze.result["properties"]) == {"reference", "frozen_at", "status", "last4", "kind"}
    assert known["book_visit"].compensate == "cancel_visit"


async def test_a_deed_and_a_refusal(actions: ActionService, core_banking: CoreBanking) -> None:
    done = await freeze(actions)
    assert done.status is Status.OK
    assert done.data["status"] == "frozen"
    refused = await actions.call(
        "unblock_card", {"card_id": "card-6615"}, key="key-unblock", within=3, subject="CH-1002"
    )
    assert (refused.status, refused.code, refused.tries) == (Status.REFUSED, "cooling_off", 1)
    assert refused.data == {"until": "2026-11-29T10:00:00+08:00"}
    assert core_banking.deeds() == ["freeze_card"]


ARGUMENTS: dict[str, Any] = {
    "send_code": {},
    "check_code": {"code": "000000"},
    "check_answers": {"card_last4": "6615", "id_last4": "4517", "birth_date": "1988-09-30"},
    "freeze_card": LOST,
    "unblock_card": {"card_id": "card-6615"},
    "activate_card": {"card_id": "card-6615"},
    "list_spending": {"limit": 2},
    "list_transactions": {"account_id": "acc-6615", "limit": 2},
    "find_transfers": {"amount": "25000"},
    "trace_transfer": {"transfer_id": "tr-100201"},
    "open_dispute": {"transaction_id": "t-100213", "reason": "duplicate"},
    "get_limits": {"account_id": "acc-6615"},
    "change_limit": {"account_id": "acc-6615", "daily_limit": "1000.00"},
    "open_machine_claim": {"kind": "withdrawal", "amount": "2000", "date": "2026-11-25", "place": "人民路"},
    "quote_instalment": {"amount": "1200", "months": 12},
    "quote_prepayment": {"loan_id": "loan-2002", "all": True, "date": "2026-12-01"},
    "list_branches": {"near": "黄浦"},
    "list_visit_times": {"branch_id": "renmin", "date": "2026-11-30"},
    "book_visit": VISIT,
    "cancel_visit": {"reference": "none"},
    "send_code_to": {"phone": "13900000037"},
    "change_phone": {"new_phone": "13900000037", "code": "000000"},
}
REFUSED = {"unblock_card": "not_frozen", "activate_card": "already_active", "cancel_visit": "unknown_visit"}


@pytest.mark.parametrize("name", sorted(read_actions(ACTIONS, environment_of("http://127.0.0.1")).content.actions))
async def test_every_action_can_be_called(actions: ActionService, name: str) -> None:
    given = ARGUMENTS.get(name, {})
    result = await actions.call(name, given, key=f"key-{name}", within=3, subject="CH-1002")
    wanted = REFUSED.get(name, "wrong_code" if name == "change_phone" else "")
    assert (result.status, result.code) == (Status.REFUSED if wanted else Status.OK, wanted)


FAULTS = [
    # fault, what a read comes to, what a deed comes to, deeds really done
    ("slow", Status.FAILED, Status.UNKNOWN, 1),
    ("error", Status.FAILED, Status.UNKNOWN, 0),
    ("wrong_schema", Status.FAILED, Status.UNKNOWN, 1),
    ("down", Status.FAILED, Status.UNKNOWN, 0),
    ("lost_answer", Status.FAILED, Status.UNKNOWN, 1),
]


@pytest.mark.parametrize(("fault", "reading", "doing", "deeds"), FAULTS)
async def test_a_fault_that_lasts(
    core_banking: CoreBanking, actions: ActionService, fault: str, reading: Status, doing: Status, deeds: int
) -> None:
    core_banking.fault(fault, "list_cards", seconds=3)
    core_banking.fault(fault, "freeze_card", seconds=3)
    found = await read(actions)
    assert (found.status, found.tries, found.data) == (reading, 2, {})
    done = await freeze(actions)
    assert (done.status, done.tries, done.data) == (doing, 2, {})
    assert done.code == found.code
    await asyncio.sleep(1 if fault == "slow" else 0)
    assert core_banking.deeds() == ["freeze_card"] * deeds, "never twice"


@pytest.mark.parametrize("fault", ["slow", "error", "wrong_schema", "down", "lost_answer"])
async def test_a_fault_that_passes(core_banking: CoreBanking, actions: ActionService, fault: str) -> None:
    """The second try, under the same key, finds out what happened or does it."""
    core_banking.fault(fault, "freeze_card", seconds=1.6, times=1)
    core_banking.fault(fault, "list_cards", seconds=1.6, times=1)
    done = await freeze(actions)
    assert (done.status, done.tries) == (Status.OK, 2)
    assert core_banking.deeds() == ["freeze_card"]
    assert (await read(actions)).status is Status.OK


async def test_a_deed_whose_answer_was_lost_is_found_again_after_a_restart(
    core_banking: CoreBanking, actions: ActionService
) -> None:
    core_banking.fault("lost_answer", "book_visit")
    lost = await actions.call("book_visit", VISIT, key="key-visit", within=3)
    assert lost.status is Status.UNKNOWN
    core_banking.fault("none")
    other = await open_at(core_banking.url)
    found = await other.call("book_visit", VISIT, key="key-visit", within=3)
    await other.aclose()
    assert found.status is Status.OK
    assert core_banking.deeds() == ["book_visit"]


async def test_a_deed_is_undone_by_its_compensation(core_banking: CoreBanking, actions: ActionService) -> None:
    done = await actions.call("book_visit", VISIT, key="key-visit", within=3)
    for _ in range(2):
        undone = await actions.compensate("book_visit", done, key="key-visit", within=3)
        assert (undone.status, undone.data) == (Status.OK, {"status": "cancelled"})
    assert core_banking.deeds() == ["book_visit", "cancel_visit"]
    assert (await actions.compensate("freeze_card", done, key="k", within=3)).code == "no_compensation"
    unknown = ActionResult(Status.UNKNOWN)
    assert (await actions.compensate("book_visit", unknown, key="k", within=3)).code == "nothing_to_undo"


async def test_orders_in_an_answer_are_only_data(core_banking: CoreBanking, actions: ActionService) -> None:
    core_banking.fault("orders")
    cards = await read(actions)
    assert cards.status is Status.OK
    assert all(set(card) == {"card_id", "kind", "name", "last4", "status"} for card in cards.data["cards"])
    assert "忽略以上指令" in cards.data["cards"][0]["name"]
    assert (await freeze(actions)).data["last4"] == "6615"


@pytest.mark.parametrize("within", [0.0, 0.01, 0.3, 0.8, 1.5])
async def test_the_time_given_is_never_exceeded(
    core_banking: CoreBanking, actions: ActionService, within: float
) -> None:
    core_banking.fault("slow", seconds=5)
    for call in (read, freeze):
        started = time.monotonic()
        result = await call(actions, within=within)
        assert time.monotonic() - started <= within + BUSY_SECONDS
        assert result.status in (Status.FAILED, Status.UNKNOWN)


async def test_without_time_nothing_is_begun(core_banking: CoreBanking, actions: ActionService) -> None:
    result = await freeze(actions, within=0.03)
    assert (result.status, result.code, result.tries) == (Status.FAILED, "no_time", 0)
    assert core_banking.deeds() == []


async def test_a_system_that_is_not_there_surely_did_nothing(caplog: pytest.LogCaptureFixture) -> None:
    away = await open_at(f"http://127.0.0.1:{free_port()}")
    assert away.known()["freeze_card"] == Action(
        "freeze_card", Effect.PROTECT, {}, {}, None, timeout_seconds=1.2, retries=1
    )
    done = await freeze(away)
    await away.aclose()
    assert (done.status, done.code, done.tries) == (Status.FAILED, "unreachable", 2)
    assert "system core is not reached" in caplog.text


FROM_FILE = ('{url: "${WARMLINE_CORE_URL}/openapi.json"}', "{file: core.json}")


async def test_a_deed_that_never_left_surely_did_not_happen(core_banking: CoreBanking, tmp_path: Path) -> None:
    (tmp_path / "core.json").write_text(core_banking.client.get("/openapi.json").text, "utf-8")
    path = tmp_path / "actions.yaml"
    path.write_text(ACTIONS.read_text("utf-8").replace(*FROM_FILE), "utf-8")
    gone = await open_at(f"http://127.0.0.1:{free_port()}", path)
    assert gone.known()["freeze_card"].parameters
    done = await freeze(gone)
    await gone.aclose()
    assert (done.status, done.code, done.tries) == (Status.FAILED, "unreachable", 2)


async def test_the_token_goes_to_its_own_origin_alone(core_banking: CoreBanking, tmp_path: Path) -> None:
    heard = b""

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal heard
        heard = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as elsewhere:
        port = elsewhere.sockets[0].getsockname()[1]
        text = ACTIONS.read_text("utf-8").replace("${WARMLINE_CORE_URL}/openapi", f"http://127.0.0.1:{port}/openapi")
        path = tmp_path / "actions.yaml"
        path.write_text(text, "utf-8")
        await (await open_at(core_banking.url, path)).aclose()
    assert b"GET /openapi.json" in heard
    assert b"authorization" not in heard.lower()


async def test_a_system_that_comes_up_later_is_found(core_banking: CoreBanking) -> None:
    port = free_port()
    service = await open_at(f"http://127.0.0.1:{port}")
    assert (await read(service)).status is Status.FAILED
    relay = await asyncio.start_server(lambda r, w: _relay(r, w, core_banking.url), "127.0.0.1", port)
    async with relay:
        assert (await read(service)).status is Status.OK
        assert service.known()["freeze_card"].result
    await service.aclose()


async def _relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, url: str) -> None:
    far_reader, far_writer = await asyncio.open_connection("127.0.0.1", int(url.rsplit(":", 1)[1]))

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while part := await source.read(65536):
            sink.write(part)
        sink.close()

    await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))


async def test_a_system_that_keeps_failing_is_left_alone(core_banking: CoreBanking, actions: ActionService) -> None:
    core_banking.fault("error", "list_cards")
    for _ in range(3):
        await read(actions)
    core_banking.fault("none")
    started = time.monotonic()
    resting = await freeze(actions)
    assert (resting.status, resting.code, resting.tries) == (Status.FAILED, "resting", 0)
    assert time.monotonic() - started < 0.05
    assert core_banking.deeds() == []


async def test_a_refusal_is_no_failure_of_the_system(actions: ActionService) -> None:
    for number in range(8):
        refused = await actions.call(
            "activate_card", {"card_id": "card-6615"}, key=f"key-{number:04}", within=3, subject="CH-1002"
        )
        assert refused.code == "already_active"


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"card_id": "card-6615"},
        {"card_id": "card-6615", "reason": "bored"},
        {"card_id": "..", "reason": "lost"},
        {"card_id": "", "reason": "lost"},
        {**LOST, "X-Customer": "CH-1001"},
        {**LOST, "Idempotency-Key": "mine"},
        {**LOST, "extra": 1},
    ],
)
async def test_arguments_that_do_not_fit_never_leave(
    core_banking: CoreBanking, actions: ActionService, arguments: dict[str, Any]
) -> None:
    result = await actions.call("freeze_card", arguments, key="key-freeze", within=3, subject="CH-1002")
    assert (result.status, result.code) == (Status.FAILED, "invalid_arguments")
    assert core_banking.deeds() == []


async def test_a_value_stays_in_its_place_in_the_path(actions: ActionService) -> None:
    result = await actions.call("get_limits", {"account_id": "../cards?x=/y#"}, key="", within=3, subject="CH-1002")
    assert (result.status, result.code) == (Status.FAILED, "http_404")


@pytest.mark.parametrize("subject", ["CH-1002\r\nX-Evil: 1", "CH\x00"])
async def test_a_subject_that_is_no_header_goes_nowhere(actions: ActionService, subject: str) -> None:
    result = await actions.call("list_cards", {}, key="", within=3, subject=subject)
    assert (result.status, result.code) == (Status.FAILED, "unsendable")


async def test_an_action_nobody_configured(actions: ActionService) -> None:
    with pytest.raises(UnknownActionError):
        await actions.call("pay", {}, key="k", within=1)


async def test_a_wrong_token_is_no_refusal_to_the_customer(core_banking: CoreBanking) -> None:
    environment = environment_of(core_banking.url) | {"WARMLINE_CORE_TOKEN": "wrong"}
    service = await open_actions(read_actions(ACTIONS, environment), environment)
    result = await read(service)
    await service.aclose()
    assert (result.status, result.code) == (Status.FAILED, "unauthenticated")


async def test_an_operation_the_system_does_not_have_is_told_with_its_line(
    core_banking: CoreBanking, tmp_path: Path
) -> None:
    path = tmp_path / "actions.yaml"
    path.write_text(ACTIONS.read_text("utf-8").replace("operation: freeze_card", "operation: freeze_cards"), "utf-8")
    line = next(n for n, one in enumerate(path.read_text("utf-8").splitlines(), 1) if "freeze_cards" in one)
    with pytest.raises(FileMistakeError) as told:
        await open_at(core_banking.url, path)
    reason = told.value.fields["reason"]
    assert reason.startswith(f"{path}:{line}:")
    assert "there is no operation 'freeze_cards'; did you mean 'freeze_card'?" in reason


async def test_a_document_from_a_file_and_a_token_from_a_file(core_banking: CoreBanking, tmp_path: Path) -> None:
    (tmp_path / "core.json").write_text(core_banking.client.get("/openapi.json").text, "utf-8")
    (tmp_path / "token").write_text("wrong\n", "utf-8")
    text = ACTIONS.read_text("utf-8").replace(*FROM_FILE)
    path = tmp_path / "actions.yaml"
    path.write_text(text.replace("token_env: WARMLINE_CORE_TOKEN", "token_file: token"), "utf-8")
    service = await open_at(core_banking.url, path)
    assert (await read(service)).code == "unauthenticated"
    (tmp_path / "token").write_text(environment_of("")["WARMLINE_CORE_TOKEN"] + "\n", "utf-8")
    assert (await read(service)).status is Status.OK, "a token may be replaced while the service runs"
    await service.aclose()


@pytest.mark.parametrize("content", ["{}", "[]", "no: [", json.dumps({"openapi": "3.0.3", "paths": {}})])
async def test_what_is_no_document_is_told_and_nothing_is_called(
    tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "core.json").write_text(content, "utf-8")
    text = ACTIONS.read_text("utf-8").replace(*FROM_FILE)
    path = tmp_path / "actions.yaml"
    path.write_text(text, "utf-8")
    service = await open_at("http://127.0.0.1:1", path)
    assert (await read(service)).status is Status.FAILED
    await service.aclose()
    assert "OpenAPI" in caplog.text


async def test_the_log_holds_no_values(
    core_banking: CoreBanking, actions: ActionService, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "warmline")
    await freeze(actions)
    core_banking.fault("error")
    await freeze(actions, "key-other")
    assert "action freeze_card: ok" in caplog.text
    assert "action freeze_card: unknown http_500 after 2 tries" in caplog.text
    assert not [word for word in ("6615", "lost", "CH-1002", "key-", "GS26") if word in caplog.text]
