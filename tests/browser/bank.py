"""Chunhe Bank in small: `warmline demo` over a folder with a few of its articles, all of its staff and customers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from tests.fakes.server import ROOT, Server
from warmline.bootstrap import Node, build_node
from warmline.commands.demo import seed_flows, seed_people, stamp_of
from warmline.kit.embedded_postgres import running_postgres
from warmline.knowledge.files import import_loaded, load_paths
from warmline.migrate import migrate
from warmline.settings import Settings

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
LINKS_EACH = 40
VANISH_SECONDS = 6


class Bank(Server):
    """The running demo. Sign-in links are taken by a person's name."""

    command = "demo"

    def link(self, person: str) -> str:
        """Return the address that signs this member of staff in, once."""
        return f"{self.base}/desk/link#{self.take_link(person)}"


def found_bank(
    folder: Path, *, flows: bool = False, whole: bool = False, settings: Mapping[str, str] | None = None
) -> Bank:
    """Seed a bank in `folder`, not started, with flows or none; `settings` (`VANISH_SECONDS` and the like) set it up.

    `whole`: with every article of the demo instead of a few.
    """
    with running_postgres(folder) as database:
        migrate(database.url())
        links = asyncio.run(_seed(folder, database.url(), flows=flows, whole=whole))
    (folder / "seeded").write_text(stamp_of(DEMO))
    return Bank(folder, links, {"VANISH_SECONDS": str(VANISH_SECONDS), **(settings or {})})


async def _seed(folder: Path, url: str, *, flows: bool, whole: bool) -> dict[str, list[str]]:
    # As the demo has it: calibrated on other questions, it would at its start release otherwise for some seconds.
    node = build_node(Settings(data=folder, labelled_questions=DEMO / "labelled_questions.jsonl"), url)
    await node.follower.know_vectors(DEMO / "vectors.npz")
    few = [*(DEMO / "articles" / f"{name}.md" for name in ARTICLES), HOSTILE]
    paths = [DEMO / "articles"] if whole else few
    await import_loaded(node.uow, node.knowledge, load_paths(paths), actor="system")
    await seed_people(node, DEMO)
    if flows:
        await seed_flows(node, DEMO)
    links = await _make_links(node)
    await node.start()
    while node.release.calibration is None:  # noqa: ASYNC110 - it comes from the background, kept on disk
        await asyncio.sleep(0.05)
    await node.stop()
    return links


async def _make_links(node: Node) -> dict[str, list[str]]:
    async with node.uow.begin() as tx:
        people = await node.staff.list_colleagues(tx)
        return {
            person.name: [
                await node.staff.create_sign_in_link(tx, person.id, actor="system") for _ in range(LINKS_EACH)
            ]
            for person in people
        }
