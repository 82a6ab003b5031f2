"""Wiring: from settings to a running node. Nothing else knows which adapter stands behind a port."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from warmline.connectors.bank import BankActions
from warmline.conversation.attachments import AttachmentService
from warmline.conversation.erasure import Erasure
from warmline.conversation.follow import LogFollower, LogRow
from warmline.conversation.model import REPLY_WITHIN
from warmline.conversation.service import ConversationService
from warmline.customer.errors import KeysLostError
from warmline.customer.guard import VisitorGuard
from warmline.customer.keys import CustomerKeys, KeyRing
from warmline.customer.service import CustomerService
from warmline.customer.tokens import IdentityVerifier, VisitorTokens
from warmline.dialogue.flows.desk import FlowDesk, look_around
from warmline.dialogue.flows.loader import load_identity
from warmline.dialogue.flows.proofs import ProofService, make_ground
from warmline.dialogue.flows.schema import IdentityPolicy
from warmline.dialogue.flows.school import StartsSchool
from warmline.dialogue.flows.store import FlowKeeper, FlowService
from warmline.dialogue.gaps import Gaps
from warmline.dialogue.known import Acquaintance
from warmline.dialogue.model import Policy
from warmline.dialogue.policy import Policies, read_policies
from warmline.dialogue.release import ReleaseKeeper
from warmline.dialogue.respond import Brand
from warmline.dialogue.service import DialogueService
from warmline.kit.bus import LocalBus, PostgresBus
from warmline.kit.calendar import BusinessCalendar
from warmline.kit.clock import Clock, SystemClock
from warmline.kit.errors import UnavailableError
from warmline.kit.i18n import Words
from warmline.kit.ids import new_secret
from warmline.kit.kept import keep
from warmline.kit.uow import UnitOfWork, create_engine
from warmline.knowledge.service import ArticleFollower, KnowledgeSearch, KnowledgeService
from warmline.language.lm.service import LanguageHelp, open_model
from warmline.language.service import EmbedderChoice, FeelingSense, ReplyReader, TextEmbedder, WishReader, open_embedder
from warmline.routing.desk import Desk
from warmline.routing.groups import check_groups
from warmline.routing.inbox import Inbox, InboxFeed
from warmline.routing.lookout import Lookout
from warmline.routing.offering import Offering
from warmline.routing.rest import RestService
from warmline.routing.rules import RoutingRules, read_rules
from warmline.routing.service import RoutingService
from warmline.routing.waits import WaitBoard
from warmline.settings import Settings, by_locale, read_master_key, split_list
from warmline.staff.guard import StaffGuard
from warmline.staff.model import Role
from warmline.staff.passwords import Passwords
from warmline.staff.scripts import ScriptService
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
class Secrets:
    """What a node keeps secret: from settings, else made once in the data folder."""

    signing: bytes
    master_key: bytes


def load_secrets(settings: Settings) -> Secrets:
    """Read or make the secrets; a made one lies in `<data>/secrets`, readable by its owner only."""
    folder = settings.data / "secrets"
    signing = settings.secret or keep(folder / "signing", new_secret)
    master = settings.master_key or keep(folder / "master_key", lambda: base64.b64encode(os.urandom(32)).decode())
    try:
        return Secrets(signing.encode(), read_master_key(master))
    except ValueError as error:
        raise KeysLostError(reason=f"{folder / 'master_key'} is damaged: restore it from your backup") from error


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
    scripts: ScriptService
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
    routing: RoutingService
    offering: Offering
    rest: RestService
    desk: Desk
    inbox: Inbox
    inbox_feed: InboxFeed
    waits: WaitBoard
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
        await self.inbox_feed.start()
        await self.actions.open()
        await self.flow_keeper.start()
        # Deaf to the bus: one read a second for everyone here finds what the bus lost.
        self._log = LogFollower(self.uow, LocalBus(), self._look_again)
        await self._log.start()
        await self.waits.start()
        self._sweeper = Sweeper(
            (
                Sweep("owed replies", 1.0, self._sweep_owed),
                Sweep("followers", 1.0, self._retry_followers),
                Sweep("connected agents", self.settings.vanish_seconds / 3, self._touch_agents),
                Sweep("vanished agents", 1.0, self._sweep_vanished),
                Sweep("offers", 1.0, self._sweep_offers),
                Sweep("callbacks", 1.0, self.routing.sweep_callbacks),
                Sweep("stranded", 5.0, self.routing.sweep_stranded),
                Sweep("callbacks at risk", 5.0, self.inbox_feed.look_ahead),
                Sweep("handling times", 60.0, self.routing.learn_handling),
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
        await self.waits.stop()
        await self._log.stop()
        await self.inbox_feed.stop()
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
            await self.offering.sweep()

    async def _retry_followers(self) -> None:
        self.conversations.feed.retry_failed()

    async def _look_again(self, rows: Sequence[LogRow]) -> None:
        self.conversations.feed.look_again((row.conversation_id, row.seq) for row in rows)

    async def _touch_agents(self) -> None:
        if self.connected:
            await self.routing.touch(list(self.connected))


def build_node(settings: Settings, database_url: str, clock: Clock | None = None) -> Node:
    """Wire a node on a migrated database."""
    secrets = load_secrets(settings)
    clock = clock or SystemClock()
    uow = UnitOfWork(create_engine(database_url, pool_size=settings.pool_size))
    bus = PostgresBus(database_url)
    name = uuid4().hex[:12]
    keys = CustomerKeys(uow, clock=clock, bus=bus, master_key=secrets.master_key)
    ring = KeyRing(keys)
    customers = CustomerService(clock=clock, keys=keys)
    tokens = VisitorTokens(secrets.signing, clock=clock)
    staff = StaffService(clock=clock, bus=bus)
    sign_in = SignInService(uow, clock=clock, passwords=Passwords(), staff=staff, address_secret=secrets.signing)
    guard = StaffGuard(sign_in, public_origins=(settings.public_url,) if settings.public_url else ())
    conversations = ConversationService(uow, clock, bus, ring)
    calendar = settings.calendar
    rules = read_rules(settings.routing) if settings.routing else RoutingRules()
    routing = RoutingService(
        uow, clock, conversations, calendar, Words.load(HERE / "routing" / "words.yaml"), node=name,
        vanish_after=timedelta(seconds=settings.vanish_seconds), rules=rules,
    )  # fmt: skip
    rest = RestService(uow, clock, bus, staff, rules)
    inbox = Inbox(uow, customers, ring, Lookout(uow, routing, timedelta(minutes=settings.callback_warning_minutes)))
    choice = choose_embedder(settings)
    follower = ArticleFollower(uow, bus=bus, embedder=choice.embedder, folder=settings.data / "index")
    knowledge = KnowledgeService(clock=clock, bus=bus, zone=settings.zone)
    search = KnowledgeSearch(uow, follower, knowledge)
    release = _release(settings, follower)
    brand = _brand(settings)
    actions = BankActions(settings.actions)
    school = StartsSchool(search, uow, choice.embedder, folder=settings.data / "index")
    flow_keeper = FlowKeeper(uow, bus, _identity_policy(settings.identity_levels), actions.effects, school)
    help = open_model(settings, clock)
    flows = FlowService(clock=clock, bus=bus)
    proofs = ProofService(uow, clock, make_ground(settings, actions.describe))
    flow_desk = FlowDesk(uow, flows, proofs, partial(look_around, follower, knowledge, flow_keeper))
    dialogue = DialogueService(
        conversations, routing, search, release.current, Words.load(HERE / "dialogue" / "words.yaml"), brand, clock,
        policy=_policies(settings, calendar), actions=actions, known=Acquaintance(uow, customers, conversations),
        flows=flow_keeper.current, wishes=WishReader(choice.embedder), feelings=FeelingSense(choice.embedder.name),
        help=help, replies=ReplyReader(choice.embedder.name),
    )  # fmt: skip
    routing.write_slip = dialogue.write_slip
    turns = TurnRunner(
        dialogue.take_turn, dialogue.hand_over, due_at=dialogue.due_at, clock=clock, at_once=settings.turns_at_once
    )
    conversations.on_owed, conversations.on_asked, conversations.on_freed = turns.wake, search.expect, rest.note_left
    return Node(
        settings=settings, uow=uow, bus=bus, clock=clock, calendar=calendar, brand=brand, customers=customers,
        keys=keys, tokens=tokens, identities=_identities(settings, clock), visitors=VisitorGuard(tokens, keys),
        staff=staff, sign_in=sign_in, scripts=ScriptService(clock=clock), guard=guard,
        conversations=conversations, attachments=AttachmentService(uow, clock, ring), knowledge=knowledge,
        erasure=Erasure(uow, customers, conversations), embedder=choice.embedder, follower=follower, search=search,
        gaps=Gaps(uow, clock, ring, search, release.current, by_meaning=not choice.notice), release=release,
        routing=routing, offering=_offering(settings, uow, clock, conversations, staff, rules), rest=rest,
        desk=Desk(uow, conversations, routing, customers, staff, clock), inbox=inbox,
        inbox_feed=InboxFeed(inbox, uow, bus), waits=WaitBoard(routing, conversations.feed), dialogue=dialogue,
        actions=actions, flows=flows, flow_keeper=flow_keeper, flow_desk=flow_desk, proofs=proofs, help=help,
        turns=turns, oidc=_oidc(settings, secrets, clock), notices=[choice.notice] if choice.notice else [], name=name,
    )  # fmt: skip


def _offering(
    settings: Settings, uow: UnitOfWork, clock: Clock, conversations: ConversationService, staff: StaffService,
    rules: RoutingRules,
) -> Offering:  # fmt: skip
    accept, vanish = timedelta(seconds=settings.accept_seconds), timedelta(seconds=settings.vanish_seconds)
    return Offering(uow, clock, conversations, staff, rules, accept_within=accept, vanish_after=vanish)


def _identity_policy(path: Path | None) -> IdentityPolicy | None:
    return load_identity(path.read_text(encoding="utf-8"), str(path))[0] if path else None


def _policies(settings: Settings, calendar: BusinessCalendar) -> Callable[[datetime], Policy]:
    """Return what is owed at a moment, by the day it is at the bank; `FileMistakeError`."""
    policies = read_policies(settings.policy) if settings.policy else Policies()
    return lambda now: policies.at(calendar.local_date(now))


def choose_embedder(settings: Settings) -> EmbedderChoice:
    """Return what turns texts into vectors by these settings."""
    return open_embedder(
        endpoint=settings.embeddings_url,
        model=settings.embeddings_model,
        api_key=settings.embeddings_key,
        allowed_origins=split_list(settings.embeddings_allowed_origins),
    )


def _release(settings: Settings, follower: ArticleFollower) -> ReleaseKeeper:
    return ReleaseKeeper(
        follower,
        target_error=settings.target_error,
        folder=settings.data / "index",
        labelled=settings.labelled_questions,
    )


def _identities(settings: Settings, clock: Clock) -> IdentityVerifier | None:
    pem = settings.identity_public_key.read_text() if settings.identity_public_key else None
    if not settings.identity_secret and pem is None:
        return None
    return IdentityVerifier(
        hs256_secret=settings.identity_secret.encode() or None,
        rs256_public_pem=pem,
        audience=settings.identity_audience,
        clock=clock,
    )


def _oidc(settings: Settings, secrets: Secrets, clock: Clock) -> OidcProvider | None:
    if not settings.oidc_issuer:
        return None
    from warmline.staff.adapters.oidc import OidcProvider, OidcSettings  # only where there is one: it loads Authlib

    roles = dict(pair.split("=", 1) for pair in split_list(settings.oidc_roles))
    chosen = OidcSettings(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        names=by_locale(settings.oidc_name) if settings.oidc_name else {},
        role_claim=settings.oidc_role_claim,
        roles={value: Role(role) for value, role in roles.items()},
    )
    flow_key = hashlib.sha256(b"oidc flow" + secrets.signing).digest()
    return OidcProvider(chosen, flow_key=flow_key, clock=clock)


def _brand(settings: Settings) -> Brand:
    """Names by language; `春和银行|春和銀行|Chunhe Bank` gives one for each of zh-Hans, zh-Hant and en."""
    return Brand(
        bank=by_locale(settings.bank_name),
        assistant=by_locale(settings.assistant_name or "智能助手|智慧助手|the assistant"),
    )
