"""A wish for a person is heard in phrasings that were never written down, and a mention of people is none."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import fit_wish, wish_data
from tests.fakes.embedder import FakeTextEmbedder
from warmline.language.normalise import MAX_QUERY_CHARS, normalise
from warmline.language.service import Marker, WishReader, find_markers
from warmline.language.spelling import mend
from warmline.language.tokens import spoken
from warmline.language.wish import WISHED, wish
from warmline.language.wish_features import LONG, MOST, features, stretches

HEARD = (
    "麻烦给我接一位能处理贷款的老师",
    "这个事儿你办不了，换个能办的来",
    "我岁数大了不会弄，劳烦叫个同志教教我",
    "人工客服都去哪儿啦，出来接一下",
    "别念稿子了，让你们经理跟我讲",
    "工资卡被锁了急用钱求你给我找个活人",
    "明早让客户经理给我回个电话",
    "跟你这个机器讲不明白",
    "转仁工客服",
    "赚人工服务",
    "zhuan ren gong ke fu",
    "woyaozhenren",
    "ㄓㄨㄢˇ真人",
    "請幫我轉接分行的專員",
    "可以請行員打電話給我嗎",
    "唔該搵個職員同我傾",
    "你部機唔識答，叫你哋經理嚟聽",
    "帮吾寻个人讲讲好伐",
    "喊个人来给我说噻",
    "给俺找个人说说中不中",
    "整个明白人来跟我唠唠",
    "共我叫一个人來講",
    "Could one of your colleagues ring me about the mortgage?",
    "i wuold like to speek with a humna",
    "this bot is useless, get me somebody else",
    "put me thru to customer service pls",
    "I refuse to talk to a chatbot",
    "我的transfer没到，can I talk to 真人",
)
NOT_HEARD = (
    "人工费一个小时多少钱",
    "客服电话几点以后打不通",
    "不用找人工，你告诉我年费就好",
    "先别转人工，我问个利率",
    "昨天人工客服说三天到账，怎么还没到",
    "有人冒充你们客服让我转账",
    "你是真人还是机器人",
    "可以让我儿子代办吗",
    "转给别人的钱能撤回吗",
    "收款人名字写错了怎么办",
    "人脸识别老是失败",
    "机器吞了我的卡怎么取",
    "客戶經理是哪一位",
    "唔使搵人，話我知手續費得啦",
    "要转给我妈",
    "叫李明",
    "人民路支行",
    "储蓄卡",
    "can someone else use my card",
    "I sent money to the wrong person",
    "what are your agents' hours",
    "no need for an agent, just tell me the fee",
    "are you a human",
    "the teller told me it was free, is that right",
)


@pytest.mark.parametrize("text", HEARD)
def test_a_wish_is_heard(text: str) -> None:
    assert find_markers(text).has(Marker.HUMAN)


@pytest.mark.parametrize("text", NOT_HEARD)
def test_a_mention_is_no_wish(text: str) -> None:
    assert not find_markers(text).has(Marker.HUMAN)


def test_a_wish_inside_a_story_is_heard_and_a_mention_beside_it_takes_nothing_away() -> None:
    story = "我上周在柜台办的卡，柜员说三天能用，今天刷卡还是不行，短信也收不到，我妈在医院等着交钱"
    assert not find_markers(story).has(Marker.HUMAN)
    assert find_markers(f"{story}，麻烦找个人帮我处理一下，我手机一直开着").has(Marker.HUMAN)


def test_a_voice_transcript_without_signs_is_heard() -> None:
    said = "喂你好那个我昨天那个卡吧就是取钱的时候没取出来然后我问了半天也没弄明白你帮我转个人工好吧我跟他说"
    assert find_markers(said).has(Marker.HUMAN)


def test_what_is_nothing_but_a_wish_says_nothing_else() -> None:
    assert find_markers("人工客服，谢谢").only is Marker.HUMAN
    assert find_markers("卡丢了，找人工").only is None


@pytest.mark.parametrize("text", ["在吗", "谢谢你", "好的", "再见"])
def test_courtesy_is_no_wish(text: str) -> None:
    assert not find_markers(text).has(Marker.HUMAN)


def test_letters_are_heard_as_the_sounds_they_spell() -> None:
    assert spoken("zhuanrengong") == ("zuan", "ren", "gon")
    assert spoken("ㄖㄣˊ") == ("ren",)
    assert spoken("operator") == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["operater"], ["operator"]),
        (["reprasentative"], ["representative"]),
        (["talk", "2", "some", "1"], ["talk", "to", "someone"]),
        (["gimme", "agnet"], ["give", "me", "agent"]),
        (["manage"], ["manage"]),
        (["人"], ["人"]),
    ],
)
def test_english_is_read_as_it_was_meant(typed: list[str], meant: list[str]) -> None:
    assert list(mend(typed)) == meant


@given(st.text(alphabet="找人工，。来说 abc转客服!?12\n", max_size=3_000))
def test_the_work_is_bounded_whatever_is_typed(text: str) -> None:
    looked_at = stretches(normalise(text))
    assert len(looked_at) <= MOST
    assert all(len(one.units) <= LONG for one in looked_at)
    assert sum(len(features(one)) for one in looked_at[:4]) <= 4 * 40 * LONG


def test_the_longest_text_costs_no_more_than_a_few_dozen_clauses() -> None:
    text = "".join(f"找{chr(0x4E00 + i)}人说，" for i in range(1_000))
    assert len(stretches(normalise(text))) == MOST
    assert wish("卡" * MAX_QUERY_CHARS + "，转人工") < WISHED


@pytest.mark.parametrize("name", ["weights", "opinion"])
def test_the_weights_were_learnt_from_what_is_here(name: str) -> None:
    """`python -m benchmarks.fit_wish` learns them anew after a change of phrasings."""
    with np.load(wish_data.FOLDER / f"{name}.npz") as stored:
        assert stored["sources"].item() == wish_data.sources()


@pytest.mark.long
def test_learning_again_gives_the_same_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = (wish_data.FOLDER / "weights.npz").read_bytes()
    monkeypatch.setattr(fit_wish, "OUT", tmp_path)
    monkeypatch.setattr("sys.argv", ["fit_wish", "--words"])
    fit_wish.main()
    again = (tmp_path / "weights.npz").read_bytes()
    assert hashlib.sha256(again).hexdigest() == hashlib.sha256(shipped).hexdigest()


def test_another_embedding_model_leaves_it_to_the_words() -> None:
    reader = WishReader(FakeTextEmbedder())
    assert not any(reader.is_unsure(text) for text in (*HEARD, *NOT_HEARD))
    assert reader.wishes("帮我转人工")
    assert not reader.wishes("年费是多少")
