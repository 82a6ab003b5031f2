"""Chunhe Bank in small: `warmline demo` over a folder with a few of its articles, all of its staff and customers."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.fakes.server import ROOT, Server
from warmline.bootstrap import Node, build_node
from warmline.commands.demo import seed_flows, seed_people, stamp_of
from warmline.kit.clock import ShiftedClock
from warmline.kit.embedded_postgres import running_postgres
from warmline.knowledge.files import import_loaded, load_paths
from warmline.migrate import migrate
from warmline.settings import Settings
from warmline.staff.service import StaffService

DEMO = ROOT / "demo"
HOSTILE = Path(__file__).with_name("hostile.md")
ARTICLES = (
    "cards/card-lost-debit", "cards/card-lost-credit", "cards/card-lost-abroad", "cards/card-atm-swallowed",
    "cards/card-pin-forgotten", "cards/card-declined", "cards/card-activate-debit", "cards/card-repay-ways",
    "cards/card-bill-dates", "cards/card-credit-limit-raise", "fees/fee-debit-annual", "fees/fee-transfer-app",
    "fees/fee-atm-other-bank", "fees/fee-credit-late", "fees/fee-sms-alerts", "transfers/transfer-limit-app",
    "transfers/transfer-wrong-account", "transfers/transfer-overseas-how", "savings/savings-fixed-rates",
    "savings/savings-early-interest", "loans/loan-mortgage-prepay-how", "app/app-forgot-login-password",
    "fraud/fraud-money-sent", "elders/elder-passbook-update", "elders/elder-home-visit-book",
    "fees/fee-debit-replacement", "fees/fee-credit-replacement", "fees/fee-loss-report",
    "fees/fee-credit-repay-other-bank", "cards/card-instalment-cost", "cards/card-atm-debited-no-cash",
)  # fmt: skip
LINKS_EACH = 90
VANISH_SECONDS = 6


class Bank(Server):
    """The running demo. Sign-in links are taken by a person's name."""

    command = "demo"

    def link(self, person: str) -> str:
        """Return the address that signs this member of staff in, once."""
        return f"{self.base}/desk/link#{self.take_link(person)}"


class NightBank(Bank):
    """The bank by a clock that can be set forward; it is `start` where it begins."""

    def __init__(self, founded: Bank, start: datetime) -> None:
        super().__init__(founded.data, founded._links, founded.settings)
        self._file = founded.data.parent / "seconds-ahead"
        self.set(start)

    def program(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "tests.fakes.moved_clock", str(self._file), *arguments]

    def now(self) -> datetime:
        """Return the moment it is at the bank."""
        return datetime.now(UTC) + timedelta(seconds=float(self._file.read_text()))

    def set(self, moment: datetime) -> None:
        """Let it be that moment."""
        half = self._file.with_suffix(".half")
        half.write_text(str((moment - datetime.now(UTC)).total_seconds()))
        half.replace(self._file)

    def pass_time(self, seconds: float) -> None:
        """Let time pass two and a half times as fast; a leap would read as a machine that stood still."""
        until = self.now() + timedelta(seconds=seconds)
        while self.now() < until:
            time.sleep(1)
            self.set(self.now() + timedelta(seconds=1.5))


def found_bank(
    folder: Path,
    *,
    flows: bool = False,
    whole: bool = False,
    links_from: datetime | None = None,
    settings: Mapping[str, str] | None = None,
) -> Bank:
    """Seed a bank in `folder`, not started, with flows or none, set up by `settings`, such as `VANISH_SECONDS`.

    `whole`: with every article of the demo instead of a few. `links_from`: when sign-in links begin their half hour.
    """
    with running_postgres(folder) as database:
        migrate(database.url())
        links = asyncio.run(_seed(folder, database.url(), flows, whole, links_from))
    (folder / "seeded").write_text(stamp_of(DEMO))
    return Bank(folder, links, {"VANISH_SECONDS": str(VANISH_SECONDS), **(settings or {})})


async def _seed(folder: Path, url: str, flows: bool, whole: bool, links_from: datetime | None) -> dict[str, list[str]]:
    # As the demo has it: calibrated on other questions, it would at its start release otherwise for some seconds.
    node = build_node(Settings(data=folder, labelled_questions=DEMO / "labelled_questions.jsonl"), url)
    await node.follower.know_vectors(DEMO / "vectors.npz")
    few = [*(DEMO / "articles" / f"{name}.md" for name in ARTICLES), HOSTILE]
    paths = [DEMO / "articles"] if whole else few
    await import_loaded(node.uow, node.knowledge, load_paths(paths), actor="system")
    await seed_people(node, DEMO)
    if flows:
        await seed_flows(node, DEMO)
    links = await _make_links(node, links_from or node.clock.now())
    await node.start()
    while node.release.calibration is None:  # noqa: ASYNC110 - it comes from the background, kept on disk
        await asyncio.sleep(0.05)
    await node.stop()
    return links


async def _make_links(node: Node, moment: datetime) -> dict[str, list[str]]:
    staff = StaffService(clock=ShiftedClock(moment), bus=node.bus)
    async with node.uow.begin() as tx:
        people = await node.staff.list_colleagues(tx)
        return {
            person.name: [await staff.create_sign_in_link(tx, person.id, actor="system") for _ in range(LINKS_EACH)]
            for person in people
        }
