"""The whole way against a real, small model (`make test-lm`): whatever it says, only what holds comes through.

The model is a live double: half a billion weights write poor Chinese. What is tested is the wire, the bounds and the
checks on words that nobody wrote for a test, not the model.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.fakes.clock import FakeClock
from tests.language.lm.conftest import ARTICLE, ENGLISH
from warmline.language.adapters.openai_chat import OpenAIChatModel
from warmline.language.lm.budget import Budget
from warmline.language.lm.faithful import find_fault
from warmline.language.lm.guard import GuardedModel
from warmline.language.lm.help import LanguageHelp
from warmline.language.lm.ports import Failure
from warmline.language.lm.prompts import load_prompts
from warmline.language.service import find_amounts

ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".make" / "lm-env" / "bin" / "python"
START_SECONDS, PATIENCE_SECONDS = 120, 120.0
TODAY = FakeClock().now().date()
pytestmark = [pytest.mark.lm, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The small model's server; `WARMLINE_TEST_LM_URL` names another one to run the tests against."""
    if given := os.environ.get("WARMLINE_TEST_LM_URL"):
        yield given
        return
    command = [str(PYTHON), str(ROOT / "scripts" / "lm_server.py"), str(ROOT / ".make" / "lm.gguf")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), f"it did not start: {process.poll()}"
        yield address
        process.stdin.close()
        process.wait(START_SECONDS)


@pytest.fixture
def budget() -> Budget:
    return Budget(1_000_000)


@pytest.fixture
async def house(url: str, budget: Budget) -> AsyncIterator[LanguageHelp]:
    client = OpenAIChatModel(url, os.environ.get("WARMLINE_TEST_LM_MODEL", "small"))
    guarded = GuardedModel(client, budget, FakeClock())
    yield LanguageHelp(guarded, load_prompts(), seconds=PATIENCE_SECONDS, most_tokens=400)
    await client.aclose()


async def test_it_answers(house: LanguageHelp, budget: Budget) -> None:
    assert await house.probe(PATIENCE_SECONDS) == ""
    assert budget.spent(TODAY) > 50


@pytest.mark.parametrize(("article", "tone", "locale"), [(ARTICLE, "upset", "zh-Hans"), (ENGLISH, "elder", "en")])
async def test_a_rewording_holds_or_is_refused(house: LanguageHelp, article: str, tone: str, locale: str) -> None:
    help = house.turn(PATIENCE_SECONDS)
    text = await help.rephrase(article, tone, locale)
    assert [use.outcome for use in help.asked] == ["refused" if text is None else "used"]
    assert text is None or find_fault(text, article) == ""


@pytest.mark.parametrize("message", ["上次是三千，这次我想弄个两万的", "嗯，大概五千块这样子", "我也不知道"])
async def test_a_quote_is_the_customers_own_or_none(house: LanguageHelp, message: str) -> None:
    def read(words: str) -> str | None:
        sums = find_amounts(words)
        return words if len(sums) == 1 else None

    help = house.turn(PATIENCE_SECONDS)
    quoted = await help.quote("请问要改成多少？", message, "zh-Hans", read)
    assert quoted is None or quoted in message
    assert help.asked[0].outcome in ("used", "refused")


async def test_a_summary_has_the_names_again_or_is_refused(house: LanguageHelp) -> None:
    told = ["我叫王秀英，昨天在人民路取款机取两千，机器没吐钱", "电话13800138000"]
    help = house.turn(PATIENCE_SECONDS)
    text = await help.summarise(told, "zh-Hans")
    assert help.asked[0].outcome in ("used", "refused")
    assert text is None or ("[" not in text and find_fault(text, "\n\n".join(told), keep=False) == "")


async def test_too_little_time_is_a_time_out_in_time(house: LanguageHelp) -> None:
    help, started = house.turn(4, share=0.4), time.monotonic()
    assert await help.rephrase(ARTICLE, "upset", "zh-Hans") is None
    assert help.asked[0].reason == Failure.TIMEOUT
    assert time.monotonic() - started < 1.5
