"""One round of who takes whom: nobody twice, nothing too much, only who can, and in the order of serving."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import NOW
from warmline.routing.assignment import AGAIN_AFTER, Agent, Assigned, Waiting, decide_assignment
from warmline.routing.rules import FULL, GroupRules, Overflow, RoutingRules

RULES = RoutingRules(groups={"cards": GroupRules(overflow=Overflow(to="general", after=120))})
GROUPS = ("cards", "loans", "general")


def agent(number: int, *, load: int = 0, idle: float = 60, **fields: object) -> Agent:
    known: dict[str, object] = {"skills": {"cards": 1}, "idle_since": NOW - timedelta(seconds=idle)}
    return Agent(UUID(int=1000 + number), f"a{number}", load=load, **{**known, **fields})  # type: ignore[arg-type]


def waits(number: int, *, waited: float = 0, **fields: object) -> Waiting:
    known: dict[str, object] = {"channel": "web", "language": "zh-Hans", "skill": "cards"}
    queued_at = NOW - timedelta(seconds=waited)
    return Waiting(UUID(int=number), queued_at=queued_at, **{**known, **fields})  # type: ignore[arg-type]


def given_to(waiting: list[Waiting], agents: list[Agent], rules: RoutingRules = RULES) -> list[tuple[int, str]]:
    return [(one.conversation_id.int, one.agent_name) for one in decide_assignment(waiting, agents, rules, NOW)]


def test_the_least_laden_goes_first_then_the_longest_idle() -> None:
    agents = [agent(1, load=20), agent(2, idle=30), agent(3, idle=90)]
    assert given_to([waits(1), waits(2), waits(3)], agents) == [(1, "a3"), (2, "a2"), (3, "a3")]


def test_an_agent_has_as_many_as_they_can_and_a_call_takes_all() -> None:
    alone = [agent(1)]
    assert given_to([waits(n) for n in range(1, 6)], alone) == [(1, "a1"), (2, "a1"), (3, "a1")]
    assert given_to([waits(n) for n in range(1, 6)], [agent(1, chats=1)]) == [(1, "a1")]
    assert given_to([waits(1, channel="call"), waits(2)], alone) == [(1, "a1")]
    assert given_to([waits(1), waits(2, channel="call")], alone) == [(1, "a1")]


def test_who_waits_for_a_call_is_not_passed_over_by_chats_for_ever() -> None:
    laden = [agent(1, load=20)]
    assert given_to([waits(1, channel="call"), waits(2)], laden) == [], "the agent is kept for the call"


def test_nobody_gets_one_in_wrap_up_or_in_a_language_or_group_that_is_not_theirs() -> None:
    soon = agent(1, free_from=NOW + timedelta(seconds=1))
    assert given_to([waits(1)], [soon]) == []
    assert given_to([waits(1)], [replace(soon, free_from=NOW)]) == [(1, "a1")]
    assert given_to([waits(1, language="en")], [agent(1, languages=frozenset({"zh-Hans"}))]) == []
    assert given_to([waits(1, skill="loans")], [agent(1)]) == []
    assert given_to([waits(1, skill=None)], [agent(1, skills={})]) == [(1, "a1")]


def test_distress_goes_to_experience_first() -> None:
    agents = [agent(1, skills={"cards": 1}), agent(2, skills={"cards": 3}, load=40)]
    assert given_to([waits(1)], agents) == [(1, "a1")]
    assert given_to([waits(1, distressed=True)], agents) == [(1, "a2")]


def test_who_spoke_with_them_before_goes_on_if_free() -> None:
    agents = [agent(1), agent(2, load=40), agent(3, load=FULL)]
    assert given_to([waits(1, previous=agents[1].id)], agents) == [(1, "a2")]
    assert given_to([waits(1, own=agents[1].id, previous=agents[0].id)], agents) == [(1, "a2")]
    assert given_to([waits(1, previous=agents[2].id)], agents) == [(1, "a1")]
    assert given_to([waits(1, skill="loans", previous=agents[0].id)], agents) == []


def test_who_has_waited_long_may_be_taken_by_the_next_group() -> None:
    general = [agent(1, skills={"general": 1})]
    assert given_to([waits(1, waited=119)], general) == []
    assert given_to([waits(1, waited=120)], general) == [(1, "a1")]
    both = [*general, agent(2, load=40)]
    assert given_to([waits(1, waited=120)], both) == [(1, "a2")], "their own group first"


def test_who_passed_is_not_asked_again_while_others_are_there() -> None:
    one, two = agent(1), agent(2, load=40)
    passed = waits(1, passed_by=frozenset({one.id}), passed_at=NOW - AGAIN_AFTER)
    assert given_to([passed], [one, two]) == [(1, "a2")]
    assert given_to([passed], [one, replace(two, load=FULL)]) == [], "somebody else will be free"
    assert given_to([passed], [one]) == [(1, "a1")], "nobody else is there"
    just_now = replace(passed, passed_at=NOW - timedelta(seconds=1))
    assert given_to([just_now], [one]) == []
    assert given_to([just_now, waits(2)], [one]) == [(2, "a1")], "the next is not kept waiting for it"


agents_strategy = st.lists(
    st.builds(
        agent,
        st.integers(1, 30),
        load=st.sampled_from([0, 0, 10, 20, 40, FULL]),
        idle=st.integers(0, 600),
        skills=st.dictionaries(st.sampled_from(GROUPS), st.integers(1, 3)),
        languages=st.sampled_from([frozenset(), frozenset({"zh-Hans"}), frozenset({"zh-Hans", "en"})]),
        chats=st.sampled_from([None, 1, 2, 5]),
        free_from=st.sampled_from([None, NOW, NOW + timedelta(seconds=30)]),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)
waiting_strategy = st.lists(
    st.builds(
        waits,
        st.integers(1, 60),
        waited=st.integers(0, 300),
        channel=st.sampled_from(["web", "web", "call"]),
        language=st.sampled_from(["zh-Hans", "en"]),
        skill=st.sampled_from([*GROUPS, None]),
        distressed=st.booleans(),
        own=st.sampled_from([None, UUID(int=1001)]),
        previous=st.sampled_from([None, UUID(int=1002)]),
        passed_by=st.sampled_from([frozenset(), frozenset({UUID(int=1003)})]),
        passed_at=st.sampled_from([NOW, NOW - AGAIN_AFTER]),
    ),
    max_size=25,
    unique_by=lambda one: one.id,
)


def can(one: Waiting, who: Agent, now: datetime = NOW) -> bool:
    """Whether this agent may be offered this conversation at all, whatever they have: written from the rules."""
    groups = RULES.reach(one.skill, (now - one.queued_at).total_seconds())
    speaks = not who.languages or one.language in who.languages
    knows = any(group is None or group in who.skills for group in groups)
    rested = who.free_from is None or who.free_from <= now
    return speaks and knows and rested


@settings(max_examples=400, deadline=None)
@given(agents_strategy, waiting_strategy)
def test_a_round_keeps_the_rules(agents: list[Agent], waiting: list[Waiting]) -> None:
    round = decide_assignment(waiting, agents, RULES, NOW)
    who, people = {one.id: one for one in agents}, {one.id: one for one in waiting}
    assert len({one.conversation_id for one in round}) == len(round), "nobody is offered twice"
    load = {one.id: one.load for one in agents}
    for one in round:
        asked, agent = people[one.conversation_id], who[one.agent_id]
        assert can(asked, agent)
        assert agent.id not in asked.passed_by or asked.passed_at == NOW - AGAIN_AFTER
        load[agent.id] += RULES.weight(asked.channel, agent.chats)
        assert load[agent.id] <= FULL
    _check_nobody_is_overtaken(waiting, round, who)
    assert decide_assignment(waiting, list(reversed(agents)), RULES, NOW) == round, "the order of agents says nothing"


def _check_nobody_is_overtaken(waiting: list[Waiting], round: tuple[Assigned, ...], who: dict[UUID, Agent]) -> None:
    """No place goes to a later one that would have fitted somebody before them."""
    given = {one.conversation_id: one.agent_id for one in round}
    for number, earlier in enumerate(waiting):
        if earlier.id in given or earlier.passed_by:
            continue
        for later in waiting[number + 1 :]:
            agent = who.get(given.get(later.id, UUID(int=0)))
            if agent is None or not can(earlier, agent):
                continue
            taken = agent.load + sum(
                RULES.weight(one.channel, agent.chats)
                for one in waiting[: waiting.index(later)]
                if given.get(one.id) == agent.id
            )
            assert taken + RULES.weight(earlier.channel, agent.chats) > FULL
