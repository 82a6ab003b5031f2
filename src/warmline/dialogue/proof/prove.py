"""`prove(config)`: a certificate that nobody is ever trapped, or a dialogue in which something goes wrong.

`prove_flow(config, flow)`: the same of one flow that has changed, for who publishes it.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace

from warmline.connectors.model import Action
from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.turn import make_flows
from warmline.dialogue.model import Policy
from warmline.dialogue.proof.answers import Answers, TooManyError, list_conditions
from warmline.dialogue.proof.config import Config
from warmline.dialogue.proof.coverage import Violation
from warmline.dialogue.proof.explore import Explorer
from warmline.dialogue.proof.hours import find_hole
from warmline.dialogue.proof.invariants import INVARIANTS, Checks
from warmline.dialogue.proof.owners import Owners, find_breach
from warmline.dialogue.proof.stand_ins import (
    SIDE,
    STAND_INS,
    identity_flows,
    offering_the_side,
    side_flow,
    simple_identity,
)
from warmline.dialogue.proof.starts import list_starts
from warmline.dialogue.proof.states import Scheme
from warmline.dialogue.proof.story import Said, in_all_languages, say, tell, ways_in_all_languages
from warmline.dialogue.proof.turns import Setting
from warmline.dialogue.proof.values import choose_values

TRIES = 2
"""Wrong answers explored before a way is closed: the last and one before it; more of the same lead nowhere else."""
ASSUMED = (
    "a wish for a person is recognised when it is said (measured on phrasings: `warmline eval handoff`)",
    "what is said is understood as one of the kinds that docs/flows/proof.md lists; the parsers are tested apart",
    "each action answers by its schema, with a refusal that tells what the flow says of it, or not at all",
    "of a value that no condition looks at only whether it is the same matters; a list shows none, one or two items",
    "a flow is interrupted by one other, which asks, has itself confirmed, does something and ends",
    "channel and language decide nothing: the decision is not told the channel, and texts are checked in all languages",
)


@dataclass(frozen=True, slots=True)
class Explored:
    """How much was visited of one flow, under one version of the policy.

    At most: `to_person`: turns from a wish for a person to one; `unread`: messages nobody can read until one comes.
    """

    flow: str
    states: int
    transitions: int
    seconds: float
    to_person: int = 0
    unread: int = 0
    policy: int = 0


@dataclass(frozen=True, slots=True)
class CounterExample:
    """What does not hold: the invariant, what is wrong, where, and a dialogue that ends in it."""

    invariant: str
    what: str
    flow: str
    dialogue: tuple[Said, ...]
    policy: int = 0
    holds: bool = False
    failed: Mapping[str, str] = field(default_factory=dict)
    """All invariants that do not hold, with what is wrong."""
    explored: tuple[Explored, ...] = ()

    @property
    def states(self) -> int:
        return sum(one.states for one in self.explored)

    @property
    def transitions(self) -> int:
        return sum(one.transitions for one in self.explored)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was visited, and what holds in all of it; `digest` names the configuration."""

    config: str
    digest: str
    explored: tuple[Explored, ...]
    owner_states: int
    owner_transitions: int
    hours_checked: int
    """Moments at which nobody is there, for each of which the callback falls into the bank's hours."""
    seconds: float
    assumed: tuple[str, ...] = ASSUMED
    holds: bool = True

    @property
    def longest_path_to_human(self) -> int:
        """Turns from the wish to the queue or a dated callback, at most."""
        return max(one.to_person for one in self.explored)

    @property
    def longest_without_a_word(self) -> int:
        """Messages nobody can read until a person comes, at most."""
        return max(one.unread for one in self.explored)

    @property
    def states(self) -> int:
        return sum(one.states for one in self.explored) + self.owner_states

    @property
    def transitions(self) -> int:
        return sum(one.transitions for one in self.explored) + self.owner_transitions


@dataclass(frozen=True, slots=True)
class Job:
    """One flow under one version of the policy."""

    flow: f.Flow
    identity: f.IdentityPolicy
    actions: Mapping[str, Action]
    policy: Policy
    version: int


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a job."""

    explored: Explored
    failed: tuple[CounterExample, ...] = ()


def prove(config: Config, *, processes: int = 0, owners: Owners | None = None) -> Certificate | CounterExample:
    """Prove a configuration. `processes`: 0 for as many as there are cores, 1 for this one alone."""
    started = time.perf_counter()
    owners = owners or Owners()
    owners.explore()
    failed = list(_check_owners(owners))
    checked, hole = find_hole(config.hours.calendar())
    if hole:
        failed.append(CounterExample("I7", hole[0], "", hole[1]))
    done = list(_run(list(_list_jobs(config)), processes or os.cpu_count() or 1))
    explored = tuple(each.explored for each in done)
    failed += [one for each in done for one in each.failed]
    if failed:
        return _first_of(failed, explored)
    seconds = round(time.perf_counter() - started, 1)
    return Certificate(config.name, config.digest, explored, len(owners.came_by), len(owners.moves), checked, seconds)


def prove_flow(config: Config, flow: f.Flow, *, processes: int = 0) -> Certificate | CounterExample:
    """Prove one flow, new or changed, within the rest of a configuration that holds.

    In the proof of any other flow a simple one stands for this (`stand_ins.side_flow`), and the ways of identity, who
    has the conversation and the hours do not depend on it: nothing else need be looked at again. That takes a second
    to forty, in processes of its own: call it in a thread, and bound the wait. The flow is one without mistakes
    (`load_flow`, `check_flow`). The digest is that of the rest.
    """
    started = time.perf_counter()
    done = list(_run(list(_list_flow_jobs(config, [flow])), processes or os.cpu_count() or 1))
    explored = tuple(each.explored for each in done)
    failed = [one for each in done for one in each.failed]
    if failed:
        return _first_of(failed, explored)
    return Certificate(flow.flow, config.digest, explored, 0, 0, 0, round(time.perf_counter() - started, 1))


def _first_of(failed: Sequence[CounterExample], explored: tuple[Explored, ...]) -> CounterExample:
    """Return the counter-example to tell, with a word on all the others."""
    order = list(INVARIANTS)
    first = min(failed, key=lambda one: (order.index(one.invariant), len(one.dialogue)))
    told = {one.invariant: one.what for one in sorted(failed, key=lambda one: order.index(one.invariant))}
    return replace(first, failed=told, explored=explored)


def _list_jobs(config: Config) -> Iterator[Job]:
    """Yield each flow with a simple way of identity, and the ways by themselves; the biggest first.

    The ways look at nothing of a flow, and a flow at nothing of the ways but slots they share, which the simple way
    asks for as well: what each can do in the other's midst is what it does by itself.
    """
    yield from _list_flow_jobs(config, sorted(config.flows.values(), key=lambda one: -len(one.slots)))
    for version, policy in _list_policies(config):
        for flow in identity_flows(config.identity):
            yield Job(flow, config.identity, config.actions, policy, version)


def _list_flow_jobs(config: Config, flows: Sequence[f.Flow]) -> Iterator[Job]:
    for version, policy in _list_policies(config):
        for flow in flows:
            yield Job(flow, simple_identity(config.identity, flow), config.actions, policy, version)


def _list_policies(config: Config) -> Iterator[tuple[int, Policy]]:
    """Yield the versions of the policy, those that decide the same once."""
    made: list[Policy] = []
    for version in config.policies.versions:
        if (policy := version.make()) not in made:
            made.append(policy)
            yield version.version, policy
    if not made:
        yield 0, Policy()


def _run(jobs: Sequence[Job], processes: int) -> Iterable[Done]:
    processes = min(processes, len(jobs))
    if processes <= 1:
        return [explore_flow(job) for job in jobs]
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(explore_flow, jobs))


def explore_flow(job: Job) -> Done:
    """Explore one flow to closure and check every turn of it."""
    started = time.perf_counter()
    setting, slots = make_setting(job)
    checks = Checks(setting, {**job.actions, **STAND_INS})
    explorer = Explorer(setting, checks.check, checks.fault)
    try:
        explorer.explore(list(list_starts(setting, slots, elder="elder" in setting.values.customer)))
        checks.finish(explorer.found)
    except (OverflowError, TooManyError) as error:
        checks.found.setdefault("ends", Violation("ends", f"this flow is too large to be proved: {error}", 0))
    _say_all(checks)
    found = explorer.found
    seconds = round(time.perf_counter() - started, 1)
    explored = Explored(
        job.flow.flow, len(found.states), found.transitions, seconds, checks.to_person, checks.unread, job.version
    )
    return Done(explored, tuple(_tell(one, explorer, job) for one in checks.found.values()))


def make_setting(job: Job) -> tuple[Setting, Mapping[str, f.Slot]]:
    """Put together what a flow is explored with."""
    flow, side = in_all_languages(offering_the_side(job.flow)), in_all_languages(side_flow())
    identity = ways_in_all_languages(job.identity)
    identity = identity.model_copy(update={"tries": min(TRIES, identity.tries)})
    actions = {**job.actions, **STAND_INS}
    effects = {name: action.effect for name, action in actions.items()}
    flows = make_flows(identity, {(flow.flow, 1): flow, (SIDE, 1): side}, effects, {flow.flow: 1, SIDE: 1})
    parts: list[f.Flow | f.Way] = [flow, side, *identity.ways.values()]
    slots = {name: slot for part in parts for name, slot in part.slots.items()}
    values = choose_values(slots, list(list_conditions(parts)))
    answers = Answers({flow.flow: flow, SIDE: side}, identity, actions, values.numbers)
    levels = {step.identify for step in flow.steps if isinstance(step, f.Identify)}
    needs = "strong" if "strong" in levels else "basic" if levels else ""
    signed_in = any(identity.ways[name].kind == "signed_in" for name in _ways_of(identity, "basic"))
    scheme = Scheme((*values.renames, *answers.swaps), needs, signed_in)
    return Setting(flows, flow.flow, values, answers, job.policy, scheme), slots


def _ways_of(identity: f.IdentityPolicy, level: str) -> tuple[str, ...]:
    return next((one.ways for name, one in identity.levels.items() if name == level), ())


def _say_all(checks: Checks) -> None:
    """Put one decision of each kind into words, in each language (I10)."""
    for number, turn in checks.coverage.shapes.values():
        for locale in f.LOCALES:
            try:
                said = say(turn.decision, locale)
            except Exception as error:
                what = f"{type(error).__name__}: {error} ({locale})"
                checks.found.setdefault("I10", Violation("I10", f"there are no words for it: {what}", number, turn))
                continue
            if not said and turn.decision.name != "hand_off":
                checks.found.setdefault("I10", Violation("I10", "nothing is said at all", number, turn))


def _tell(one: Violation, explorer: Explorer, job: Job) -> CounterExample:
    lines = tell(explorer, one.state, one.turn) if explorer.found.states else []
    if one.said is not None:
        lines.append(("customer", one.said.label))
    return CounterExample(
        one.invariant, one.what, job.flow.flow, (*lines, ("", f"{one.invariant}: {one.what}")), job.version
    )


def _check_owners(owners: Owners) -> Iterator[CounterExample]:
    for move in owners.moves:
        breach = find_breach(move)
        if breach is not None:
            path = [*owners.path_to(move.before), move]
            lines = [(one.by if one.by != "system" else "", one.label) for one in path]
            yield CounterExample(breach[0], breach[1], "", (*lines, ("", f"{breach[0]}: {breach[1]}")))
