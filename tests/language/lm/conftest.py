"""The real client behind its real guards, in front of a hostile model."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.language_model import HostileModel
from warmline.language.adapters.openai_chat import OpenAIChatModel
from warmline.language.lm.budget import Budget
from warmline.language.lm.guard import GuardedModel
from warmline.language.lm.help import LanguageHelp
from warmline.language.lm.prompts import load_prompts

ARTICLE = """每张卡一天最多在取款机取 20,000 元，每次最多 3,000 元。

- 一次取不够，可以接着再取，直到当天满 20,000 元，零点重新计算。
- 别的银行的机器也算在这 20,000 元里，单次上限看那台机器。
- 要取更多，带身份证和卡到网点柜台，5 万元以下随到随取。

这个上限不能调高，是为了卡丢时少损失；想调低，可到手机银行“卡片管理—取款限额”。"""
GENTLE = """您别着急，每张卡一天最多在取款机取 20,000 元，每次最多 3,000 元。

- 一次取不够，您可以接着再取，直到当天满 20,000 元，零点重新计算。
- 别的银行的机器也算在这 20,000 元里，单次上限请看那台机器。
- 要取更多，请带上身份证和卡到网点柜台，5 万元以下随到随取。

这个上限不能调高，是为了卡丢时少损失；您想调低的话，可到手机银行“卡片管理—取款限额”。"""
ENGLISH = """No notice is needed, but check that Use abroad is switched on.

1. Before leaving: Credit card > Use abroad. Adding where and when helps us avoid blocking you by mistake.
2. Shops that show the same symbol as your card will accept it.
3. Save our overseas line, +86 21 8037 3737.

Spending is converted into yuan at the day's rate. If a payment is refused, look at our text first."""
ENGLISH_GENTLE = """No notice is needed, but please check that Use abroad is switched on.

1. Before leaving, open Credit card > Use abroad. Adding where and when helps us avoid blocking you by mistake.
2. Shops that show the same symbol as your card will accept it.
3. Please save our overseas line, +86 21 8037 3737.

Spending is converted into yuan at the day's rate. If a payment is refused, please look at our text first."""


@pytest.fixture
def model() -> Iterator[HostileModel]:
    with HostileModel() as running:
        yield running


@pytest.fixture
async def chat(model: HostileModel) -> AsyncIterator[OpenAIChatModel]:
    client = OpenAIChatModel(model.url, "a model", read_key=lambda: "the key")
    yield client
    await client.aclose()


@pytest.fixture
def guarded(chat: OpenAIChatModel) -> GuardedModel:
    return GuardedModel(chat, Budget(10_000_000), FakeClock())


@pytest.fixture
def house(guarded: GuardedModel) -> LanguageHelp:
    return LanguageHelp(guarded, load_prompts(), seconds=1.5, most_tokens=600)
