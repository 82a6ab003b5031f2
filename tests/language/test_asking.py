"""Whether words ask something."""

from __future__ import annotations

import pytest

from warmline.language.service import asks


@pytest.mark.parametrize(
    "text",
    ["手續費多少", "那分期呢", "怎么激活",
     "点样激活", "要唔要收钱", "有咩文件要带", "补张卡要钱伐",
     "取八万要预约不", "不会扣我钱吧", "能不能快点", "and how long does it take", "忘了密码怎么办",
     "什么时候到账忘了问，能查吗", "how do I reset a PIN I forgot"],
)  # fmt: skip
def test_questions(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    ["就这么定了", "那就這麼辦", "没什么事了", "要么明天去", "我等着呢",
     "好几台并排的，哪一台真的想不起来", "不记得是哪天了",
     "I can't remember which one"],
)  # fmt: skip
def test_what_only_looks_like_one(text: str) -> None:
    assert not asks(text)
