"""Wiring: from settings to a running node. Nothing else knows which adapter stands behind a port."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from warmline.casework.wiring import Casework, build_casework
from warmline.connectors.bank import BankActions
from warmline.conversation.attachments import AttachmentService
from warmline.conversation.erasure import Erasure
from warmline.conversation.follow import LogFollower, LogRow
from warmline.conversation.model import REPLY_WITHIN
from warmline.conversation.service import ConversationService
from warmline.customer.guard import VisitorGuard
from warmline.customer.keys import CustomerKeys, KeyRing
from warmline.customer.service import CustomerService
from warmline.customer.tokens import IdentityVerifier, VisitorTokens
from warmline.dialogue.flows.desk import FlowDesk, look_around
from warmline.dialogue.flows.proofs import ProofService, make_ground
from warmline.dialogue.flows.school import StartsSchool
from warmline.dialogue.flows.store import FlowKeeper, FlowService
from warmline.dialogue.gaps import Gaps
from warmline.dialogue.known import Acquaintance
from warmline.dialogue.release import ReleaseKeeper
from warmline.dialogue.respond import Brand
from warmline.dialogue.service import DialogueService
from warmline.kit.bus import LocalBus, PostgresBus
from warmline.kit.calendar import BusinessCalendar
from warmline.kit.clock import Clock, SystemClock
from warmline.kit.errors import UnavailableError
from warmline.kit.i18n import Words
from warmline.kit.uow import UnitOfWork, create_engine
from warmline.knowledge.service import ArticleFollower, KnowledgeSearch, KnowledgeService
from warmline.language.lm.service import LanguageHelp, open_model
from warmline.language.service import FeelingSense, ReplyReader, TextEmbedder, WishReader
from warmline.parts import (
    choose_embedder,
    open_brand,
    open_identities,
    open_identity_policy,
    open_oidc,
    open_patience,
    open_policies,
    open_release,
)
from warmline.people import Ground, People, Reading, build_people
from warmline.routing.desk import sees
from warmline.routing.groups import check_groups
from warmline.routing.rules import RoutingRules, read_rules
from warmline.routing.service import RoutingService
from warmline.secret_files import load_secrets
from warmline.settings import Settings
from warmline.staff.guard import StaffGuard
from warmline.staff.passwords import Passwords
from warmline.staff.service import StaffService
from warmline.staff.sign_in import SignInService
from warmline.worker.sweeps import Sweep, Sweeper
from warmline.worker.turns import TurnRunner

if TYPE_CHECKING:
    from warmline.staff.adapters.oidc import OidcProvider

logger = logging.getLogger(__name__)
HERE = Path(__file__).parent
SWEEP_AHEAD = timedelta(seconds=1.5)
"""A reply still owed so shortly before it is due is taken up by the sweep, which comes every second."""
AWAY_LOOK_SECONDS = 0.2
"""While the database is away. A customer's 5 s count from when it is back, so from no later than the last failure."""


@dataclass
class Node:
    """A running node: every service, wired. `start()` and `stop()` frame its life."""

    settings: Settings
    uow: UnitOfWork
    bus: PostgresBus
    clock: Clock
    calendar: BusinessCalendar
    brand: Brand
    customers: CustomerService
    keys: CustomerKeys
    tokens: VisitorTokens
    identities: IdentityVerifier | None
    visitors: VisitorGuard
    staff: StaffService
    sign_in: SignInService
    guard: StaffGuard
    conversations: ConversationService
    attachments: AttachmentService
    erasure: Erasure
    knowledge: KnowledgeService
    embedder: TextEmbedder
    follower: ArticleFollower
    search: KnowledgeSearch
    release: ReleaseKeeper
    gaps: Gaps
    oidc: OidcProvider | None
    casework: Casework
    routing: RoutingService
    people: People
    dialogue: DialogueService
    actions: BankActions
    flows: FlowService
    flow_keeper: FlowKeeper
    help: LanguageHelp | None
    flow_desk: FlowDesk
    proofs: ProofService
    turns: TurnRunner
    notices: list[str] = field(default_factory=list)
    connected: set[UUID] = field(default_factory=set)
    name: str = ""
    is_open: bool = False
    was_away: bool = True
    away_at: datetime | None = None

    async def start(self) -> None:
        """Bring the node up: listen, load knowledge, sweep."""
        await self.bus.start()
        self.keys.start()
        await self.follower.start()
        await self.search.warm()
        await self.release.start()
        await self.people.inbox_feed.start()
        await self.actions.open()
        await self.flow_keeper.start()
        # Deaf to the bus: one read a second for everyone here finds what the bus lost.
        self._log = LogFollower(self.uow, LocalBus(), self._look_again)
        await self._log.start()
        await self.people.waits.start()
        self._sweeper = Sweeper(
            (
                Sweep("owed replies", 1.0, self._sweep_owed),
                Sweep("followers", 1.0, self._retry_followers),
                Sweep("connected agents", self.settings.vanish_seconds / 3, self._touch_agents),
                Sweep("vanished agents", 1.0, self._sweep_vanished),
                Sweep("absent colleagues", 5.0, self.people.colleagues.sweep_absent),
                Sweep("offers", 1.0, self._sweep_offers),
                Sweep("callbacks", 1.0, self.routing.sweep_callbacks),
                Sweep("cases and promises", 1.0, self.casework.sweep),
                Sweep("stranded", 5.0, self.routing.sweep_stranded),
                Sweep("callbacks at risk", 5.0, self.people.inbox_feed.look_ahead),
                Sweep("handling times", 60.0, self.routing.learn_handling),
                Sweep("past waits", 15.0, self.routing.learn_waits),
                Sweep("what worked before", 10.0, self.people.assist.past.learn),
                Sweep("agents' connections", 3600.0, self.routing.sweep_connections),
                Sweep("sign-in rows", 3600.0, self.sign_in.sweep),
                Sweep("proofs of flows", 3600.0, self.proofs.sweep),
                Sweep("unsent files", 600.0, self.attachments.sweep),
            )
        )
        await self._sweeper.start()

    async def open_doors(self) -> None:
        """Customers and agents can reach this node from now on; `RulesContradictError` for rules that lead nowhere."""
        async with self.uow.begin() as tx:
            await check_groups(tx, self.staff, self.routing.rules)
        self.routing.give_time()
        self.is_open = True

    async def stop(self) -> None:
        """Bring it down: no new work, running turns finished, connections closed."""
        await self._sweeper.stop()
        await self.proofs.stop()
        await self.turns.close()
        await self.people.waits.stop()
        await self._log.stop()
        await self.people.inbox_feed.stop()
        await self.flow_keeper.stop()
        await self.actions.close()
        if self.help:
            await self.help.aclose()
        await self.release.stop()
        await self.follower.stop()
        await self.conversations.close()
        self.keys.stop()
        await self.bus.stop()
        await self.uow.engine.dispose()

    async def _sweep_owed(self) -> None:
        """Wake the turns that a dead node left, in time; all of them when the service was away until now (I10)."""
        while True:
            tried_at, ahead = self.clock.now(), REPLY_WITHIN if self.was_away else SWEEP_AHEAD
            try:
                owed = await self.conversations.list_owed(tried_at + ahead)
                break
            except UnavailableError:
                self._note_away()
                await asyncio.sleep(AWAY_LOOK_SECONDS)
        if self.was_away:
            self.dialogue.up_since = self.away_at or tried_at
            self.was_away, self.away_at = False, None
        for one in owed:
            self.turns.wake(one)

    def _note_away(self) -> None:
        if self.away_at is None:
            logger.warning("the database is away; what is owed is looked for until it is back")
        self.was_away, self.away_at = True, self.clock.now()

    async def _sweep_vanished(self) -> None:
        """Nobody is gone because this node was: an agent who could not be seen has not vanished (I6)."""
        try:
            if self.is_open:
                await self.routing.sweep_vanished()
            else:
                self.routing.give_time()
        except UnavailableError:
            self.routing.give_time()
            raise

    async def _sweep_offers(self) -> None:
        """While nobody can reach this node, nobody can answer."""
        if self.is_open:
            await self.people.offering.sweep()

    async def _retry_followers(self) -> None:
        self.conversations.feed.retry_failed()

    async def _look_again(self, rows: Sequence[LogRow]) -> None:
        self.conversations.feed.look_again((row.conversation_id, row.seq) for row in rows)

    async def _touch_agents(self) -> None:
        if self.connected:
            await self.routing.touch(list(self.connected))


def build_node(settings: Settings, database_url: str, clock: Clock | None = None) -> Node:
    """Wire a node on a migrated database."""
    secrets = load_secrets(settings.data / "secrets", settings.secret, settings.master_key)
    clock = clock or SystemClock()
    uow = UnitOfWork(create_engine(database_url, pool_size=settings.pool_size))
    bus = PostgresBus(database_url)
    keys = CustomerKeys(uow, clock=clock, bus=bus, master_key=secrets.master_key)
    ring = KeyRing(keys)
    customers = CustomerService(clock=clock, keys=keys)
    tokens = VisitorTokens(secrets.signing, clock=clock)
    staff = StaffService(clock=clock, bus=bus)
    sign_in = SignInService(uow, clock=clock, passwords=Passwords(), staff=staff, address_secret=secrets.signing)
    guard = StaffGuard(sign_in, public_origins=(settings.public_url,) if settings.public_url else ())
    conversations = ConversationService(uow, clock, bus, ring)
    calendar = settings.calendar
    casework = build_casework(uow, clock, calendar, ring, conversations, customers, staff, sees)
    routing = _open_routing(settings, uow, clock, conversations, node=(name := uuid4().hex[:12]))
    choice = choose_embedder(settings)
    follower = ArticleFollower(uow, bus=bus, embedder=choice.embedder, folder=settings.data / "index")
    knowledge = KnowledgeService(clock=clock, bus=bus, zone=settings.zone)
    search = KnowledgeSearch(uow, follower, knowledge)
    release = open_release(settings, follower)
    actions = BankActions(settings.actions)
    school = StartsSchool(search, uow, choice.embedder, folder=settings.data / "index")
    flow_keeper = FlowKeeper(uow, bus, open_identity_policy(settings.identity_levels), actions.effects, school)
    help, flows = open_model(settings, clock), FlowService(clock=clock, bus=bus)
    proofs = ProofService(uow, clock, make_ground(settings, actions.describe))
    flow_desk = FlowDesk(uow, flows, proofs, partial(look_around, follower, knowledge, flow_keeper))
    said, feelings = Words.load(HERE / "dialogue" / "words.yaml"), FeelingSense(choice.embedder.name)
    dialogue = DialogueService(
        conversations, routing, search, release.current, said, open_brand(settings), clock,
        policy=open_policies(settings, calendar), actions=actions, known=Acquaintance(uow, customers, conversations),
        flows=flow_keeper.current, wishes=WishReader(choice.embedder), feelings=feelings,
        help=help, replies=ReplyReader(choice.embedder.name),
    )  # fmt: skip
    routing.write_slip, dialogue.list_owed = dialogue.write_slip, casework.promises.list_owed_to
    ground = Ground(uow, clock, bus, ring, conversations, customers, staff, routing)
    reading = Reading(search, choice.embedder, feelings, said, flow_keeper.current, settings.checklists)
    people = build_people(ground, reading, open_patience(settings))
    turns = TurnRunner(
        dialogue.take_turn, dialogue.hand_over, due_at=dialogue.due_at, clock=clock, at_once=settings.turns_at_once
    )
    conversations.on_owed, conversations.on_asked, conversations.on_freed = (
        turns.wake,
        search.expect,
        people.rest.note_left,
    )
    return Node(
        settings=settings, uow=uow, bus=bus, clock=clock, calendar=calendar, brand=dialogue.brand, customers=customers,
        keys=keys, tokens=tokens, identities=open_identities(settings, clock), visitors=VisitorGuard(tokens, keys),
        staff=staff, sign_in=sign_in, guard=guard,
        conversations=conversations, attachments=AttachmentService(uow, clock, ring), knowledge=knowledge,
        erasure=Erasure(uow, customers, conversations, casework.cases.forget), casework=casework,
        embedder=choice.embedder, follower=follower, search=search,
        gaps=Gaps(uow, clock, ring, search, release.current, by_meaning=not choice.notice), release=release,
        routing=routing, people=people, dialogue=dialogue,
        actions=actions, flows=flows, flow_keeper=flow_keeper, flow_desk=flow_desk, proofs=proofs, help=help,
        turns=turns, oidc=open_oidc(settings, secrets.signing, clock), name=name,
        notices=[choice.notice] if choice.notice else [],
    )  # fmt: skip


def _open_routing(
    settings: Settings, uow: UnitOfWork, clock: Clock, conversations: ConversationService, *, node: str
) -> RoutingService:
    """Return who takes it and when, by the bank's rules; `FileMistakeError`."""
    return RoutingService(
        uow, clock, conversations, settings.calendar, Words.load(HERE / "routing" / "words.yaml"), node=node,
        vanish_after=timedelta(seconds=settings.vanish_seconds),
        rules=read_rules(settings.routing) if settings.routing else RoutingRules(),
    )  # fmt: skip
