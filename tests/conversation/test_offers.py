"""An offer asks one agent, keeps the place, and ends in one of four ways."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal
from uuid import UUID

import pytest

from tests.support import CHENXI, CUSTOMER, LINYAO, NOW, Talk, ask_for_person, blank
from warmline.conversation import commands as c
from warmline.conversation.decide import decide
from warmline.conversation.events import OfferEnded, Owner


def waiting() -> Talk:
    talk = Talk()
    talk.do(ask_for_person())
    return talk


def offered(to: object = CHENXI) -> Talk:
    talk = waiting()
    assert talk.do(c.MakeOffer(to, talk.now + timedelta(seconds=30))) == ["offer.made"]  # type: ignore[arg-type]
    return talk


def end(talk: Talk, reason: Literal["declined", "expired", "withdrawn"], agent: object = CHENXI) -> list[str]:
    return talk.do(c.EndOffer(c.SYSTEM, agent.id, reason))  # type: ignore[attr-defined]


def test_an_offer_leaves_the_owner_and_the_place_as_they_were() -> None:
    before, talk = waiting().state, offered()
    assert (talk.state.owner, talk.state.rank_at) == (Owner.QUEUE, before.rank_at)
    assert (talk.state.offered_to, talk.state.offered_until) == (CHENXI.id, talk.now + timedelta(seconds=30))


def test_only_who_waits_in_the_queue_is_offered_and_to_one_agent_at_a_time() -> None:
    assert Talk().do(c.MakeOffer(CHENXI, Talk().now + timedelta(seconds=30))) == []
    talk = offered()
    assert talk.do(c.MakeOffer(LINYAO, talk.now + timedelta(seconds=30))) == []
    assert waiting().do(c.MakeOffer(CHENXI, talk.now)) == [], "one that is over already is none"


def test_the_offered_agent_takes_it_up_by_accepting() -> None:
    talk = offered()
    assert talk.do(c.Accept(CHENXI)) == ["conversation.accepted"]
    assert (talk.state.agent_id, talk.state.offered_to) == (CHENXI.id, None)


def test_a_colleague_who_takes_it_by_hand_takes_it_back_from_the_other() -> None:
    talk = offered()
    assert talk.do(c.Accept(LINYAO)) == ["offer.ended", "conversation.accepted"]
    assert (talk.state.agent_id, talk.state.offered_to, talk.state.front) == (LINYAO.id, None, False)


def test_one_that_runs_out_leads_to_the_front_and_not_before_its_time() -> None:
    talk = offered()
    assert end(talk, "expired") == []
    talk.move(seconds=30)
    assert end(talk, "expired", LINYAO) == []
    assert end(talk, "expired") == ["offer.ended"]
    assert (talk.state.front, talk.state.passed_by, talk.state.offered_to) == (True, (CHENXI.id,), None)
    assert end(talk, "expired") == []


@pytest.mark.parametrize(("reason", "passed"), [("declined", (CHENXI.id,)), ("withdrawn", ())])
def test_who_declines_has_passed_and_who_lost_it_has_not(
    reason: Literal["declined", "withdrawn"], passed: tuple[UUID, ...]
) -> None:
    talk = offered()
    end(talk, reason)
    assert (talk.state.front, talk.state.passed_by) == (False, passed)
    assert talk.state.passed_at == (talk.now if passed else None)


def test_who_passes_a_customer_on_to_a_group_is_not_asked_for_them() -> None:
    talk = offered()
    talk.do(c.Accept(CHENXI))
    talk.do(c.Transfer(CHENXI, "loans"))
    assert talk.state.passed_by == (CHENXI.id,)
    talk.do(c.Accept(LINYAO))
    assert not talk.state.passed_by


@pytest.mark.parametrize(
    "leaves",
    [
        c.ReturnToAssistant(CUSTOMER),
        c.Close(CUSTOMER, "customer"),
        c.ScheduleCallback(CUSTOMER, NOW + timedelta(1), "customer"),
    ],
)
def test_whoever_leaves_the_queue_is_offered_no_longer(leaves: c.Command) -> None:
    talk = offered()
    talk.do(leaves)
    assert (talk.state.offered_to, talk.state.offered_until) == (None, None)
    assert end(talk, "declined") == []


def test_an_offer_that_an_older_node_left_behind_was_missed_by_nobody() -> None:
    left = blank(owner=Owner.AGENT, agent_id=LINYAO.id, offered_to=CHENXI.id, offered_until=NOW)
    (entry,) = decide(c.EndOffer(c.SYSTEM, UUID(int=1001), "expired"), left, NOW)
    assert isinstance(entry.payload, OfferEnded)
    assert entry.payload.reason == "withdrawn"
