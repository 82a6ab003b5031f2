"""Staffing over HTTP: for whoever reads figures of the whole house, and told what is wrong in their language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.routing.staffing.past import weeks, write
from tests.web.support import House
from warmline.staff.model import Role

pytestmark = pytest.mark.asyncio(loop_scope="module")
SHANGHAI = timedelta(hours=8)


def _midnight() -> datetime:
    """The moment at which today began in Shanghai."""
    local = datetime.now(UTC) + SHANGHAI
    return local.replace(hour=0, minute=0, second=0, microsecond=0) - SHANGHAI


@pytest.mark.parametrize(
    ("language", "told"), [("zh-CN", "满 7 天才能预测"), ("zh-TW", "滿 7 天才能預測"), ("en", "a forecast needs 7")]
)
async def test_a_house_that_begins_says_what_is_missing(house: House, language: str, told: str) -> None:
    boss = await house.hire(Role.SUPERVISOR)
    boss.client.headers["Accept-Language"] = language
    refused = await boss.call("GET", "/staffing", 409)
    assert refused["error"]["code"] == "too_little_history"
    assert told in refused["error"]["message"]


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ({"day": "tomorrow"}, "day_out_of_reach", "day"),
        ({"day": "2020-01-01"}, "day_out_of_reach", "day"),
        ({"target": "fast"}, "target_unclear", "target"),
        ({"planned": "9-17=3"}, "agents_unclear", "planned"),
        ({"planned": "20:00-02:00=3"}, "agents_unclear", "planned"),
        ({"planned": "09:00-12:00=3,11:00-13:00=4"}, "spans_overlap", "planned"),
        ({"shrinkage": "2"}, "invalid", "query.shrinkage"),
    ],
)
async def test_what_is_not_understood_is_named(house: House, query: dict[str, str], code: str, field: str) -> None:
    boss = await house.hire(Role.SUPERVISOR)
    refused = (await boss.call("GET", "/staffing", 422, params=query))["error"]
    assert (refused["code"], refused["fields"]["field"]) == (code, field)
    given = next(iter(query.values())).split(",")[0]
    assert code in ("invalid", "spans_overlap") or given in refused["message"]


async def test_only_who_reads_figures(house: House) -> None:
    agent, analyst = await house.hire(), await house.hire(Role.ANALYST)
    await agent.call("GET", "/staffing", 403)
    await agent.call("POST", "/staffing/simulate", 403, json={"day": "2026-12-01", "agents": []})
    await analyst.call("GET", "/staffing", 409)


async def test_a_day_short_by_two_and_what_that_would_be_like(house: House) -> None:
    await write(house.node.uow, weeks(_midnight(), 14, an_hour=100))
    house.node.staffing._past = None
    boss = await house.hire(Role.SUPERVISOR)
    day = (datetime.now(UTC) + SHANGHAI).date() + timedelta(days=1)
    query = {"day": str(day), "planned": "09:00-11:00=10,11:00-17:00=1", "shrinkage": "0.25"}
    found = await boss.call("GET", "/staffing", params=query)
    quarters = {one["start"]: one for one in found["quarters"]}
    assert len(quarters) == 96
    at_twelve = quarters["12:00"]
    assert at_twelve["expected"] == pytest.approx(25, rel=0.1)
    assert at_twelve["low"] < 25 < at_twelve["high"]
    assert at_twelve["short"] == at_twelve["needed"] - 1 > 0
    assert at_twelve["on_roster"] > at_twelve["needed"]
    assert quarters["10:00"]["short"] == 0
    noon = next(one for one in found["short"] if one["start"] <= "12:00" < one["end"])
    assert noon["by"] == at_twelve["short"]

    async def play(agents: int) -> dict[str, float]:
        spans = [{"from": "09:00", "to": "17:30", "agents": agents}]
        played = await boss.call("POST", "/staffing/simulate", json={"day": str(day), "agents": spans})
        assert played["quarters"]
        return dict(played["whole"])

    short, enough = await play(1), await play(at_twelve["needed"])
    assert enough["level"] > 0.6 > short["level"]
    assert enough["p90"] < short["p90"]
    assert enough["abandonment"] < short["abandonment"]


async def test_bad_spans_of_a_played_day(house: House) -> None:
    boss = await house.hire(Role.SUPERVISOR)
    body = {"day": "2026-12-01", "agents": [{"from": "17:00", "to": "09:00", "agents": 3}]}
    refused = await boss.call("POST", "/staffing/simulate", 422, json=body)
    assert refused["error"]["code"] == "agents_unclear"
    assert "17:00-09:00=3" in refused["error"]["message"]
    body["agents"] = [{"from": "09:00", "to": "17:00", "agents": 10_000}]
    assert (await boss.call("POST", "/staffing/simulate", 422, json=body))["error"]["code"] == "invalid"
