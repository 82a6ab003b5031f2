"""The human side of a node, wired: who is there, who takes whom, and what helps them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from warmline.assist.checklist import read_checklists
from warmline.assist.remembering import PastReplies
from warmline.assist.service import Assist
from warmline.conversation.ports import CustomerCiphers
from warmline.conversation.service import ConversationService
from warmline.customer.service import CustomerService
from warmline.dialogue.flows.turn import Flows
from warmline.kit.bus import Bus
from warmline.kit.clock import Clock
from warmline.kit.i18n import Words
from warmline.kit.uow import UnitOfWork
from warmline.knowledge.service import KnowledgeSearch
from warmline.language.ports import TextEmbedder
from warmline.language.service import FeelingSense
from warmline.routing.colleagues import Colleagues
from warmline.routing.desk import Desk
from warmline.routing.inbox import Inbox, InboxFeed
from warmline.routing.lookout import Lookout
from warmline.routing.offering import Offering
from warmline.routing.rest import RestService
from warmline.routing.service import RoutingService
from warmline.routing.staffing.service import StaffingService
from warmline.routing.waits import WaitBoard
from warmline.routing.wall.service import Wall
from warmline.staff.scripts import ScriptService
from warmline.staff.service import StaffService

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Ground:
    """What the human side stands on."""

    uow: UnitOfWork
    clock: Clock
    bus: Bus
    ciphers: CustomerCiphers
    conversations: ConversationService
    customers: CustomerService
    staff: StaffService
    routing: RoutingService


@dataclass(frozen=True)
class Reading:
    """What reads along: search, vectors, feelings, the assistant's own sentences of comfort, flows, and the file of
    what agents heed in which matter.
    """

    search: KnowledgeSearch
    embedder: TextEmbedder
    feelings: FeelingSense
    comfort: Words
    flows: Callable[[], Flows | None]
    checklists: Path | None


@dataclass(frozen=True)
class Patience:
    """How long is waited for what: before a callback nobody may be free for is shown, for an agent to take up an offer
    (zero: none is made), and for an agent who is not seen.
    """

    warn_before: timedelta
    accept_within: timedelta
    vanish_after: timedelta


@dataclass(frozen=True)
class People:
    """What agents and supervisors work with."""

    desk: Desk
    colleagues: Colleagues
    inbox: Inbox
    inbox_feed: InboxFeed
    waits: WaitBoard
    scripts: ScriptService
    assist: Assist
    staffing: StaffingService
    offering: Offering
    rest: RestService
    wall: Wall


def build_people(ground: Ground, reading: Reading, patience: Patience) -> People:
    """Wire it; whoever leaves a conversation rests a moment. `FileMistakeError` for checklists that cannot be meant."""
    g, rules = ground, ground.routing.rules
    desk = Desk(g.uow, g.conversations, g.routing, g.customers, g.staff, g.clock, g.ciphers)
    inbox = Inbox(g.uow, g.customers, g.ciphers, Lookout(g.uow, g.routing, patience.warn_before))
    scripts = ScriptService(clock=g.clock)
    past = PastReplies(g.uow, g.ciphers, g.customers, reading.search, g.clock)
    assist = Assist(
        g.uow, g.conversations, g.routing, reading.search, reading.embedder, scripts, past, reading.flows,
        read_checklists(reading.checklists), reading.feelings,
        Words.load(HERE / "assist" / "words.yaml"), reading.comfort, g.clock,
    )  # fmt: skip
    return People(
        desk=desk,
        colleagues=Colleagues(g.uow, g.conversations, g.routing, desk),
        inbox=inbox,
        inbox_feed=InboxFeed(inbox, g.uow, g.bus),
        waits=WaitBoard(g.routing, g.conversations.feed),
        scripts=scripts,
        assist=assist,
        staffing=StaffingService(g.uow, g.clock, g.routing),
        offering=Offering(
            g.uow,
            g.clock,
            g.conversations,
            g.staff,
            rules,
            accept_within=patience.accept_within,
            vanish_after=patience.vanish_after,
        ),
        rest=RestService(g.uow, g.clock, g.bus, g.staff, rules),
        wall=Wall(g.uow, g.clock, g.routing, g.customers, inbox.lookout, within=patience.vanish_after),
    )
