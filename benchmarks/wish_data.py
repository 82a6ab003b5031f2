"""The authored ways to ask for a person, and to mention people without: lines with alternatives, written out."""

import hashlib
import json
import random
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, product
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent.parent / "src/warmline/language/data/wish"
ORDINARY = Path(__file__).parent / "data/ordinary_questions.tsv"
OPEN = Path(__file__).parent.parent / "tests/data"
FLOWS = Path(__file__).parent.parent / "demo/flows"
REPLIES = Path(__file__).parent.parent / "src/warmline/language/data/replies/replies.yaml"
_SOMEBODY_RE = re.compile(
    r"人工|客服|真人|专员|座席|坐席|同事|[客户理财大堂]经理|主管|领导|找.{0,3}人|當面|当面|回电|回個電|给我打|打给我|打電話|"
    r"\b(?:someone|somebody|person|people|human|agent|manager|staff|advisor|adviser|call me|ring me|speak|talk)\b",
    re.IGNORECASE,
)
"""Words of somebody who could come: such a saying is left out, it may wish for them."""
_PART_RE = re.compile(r"\[([^\]]*)\](\?)?|<(\w+)>(\?)?")
_MAYBE_RE = re.compile(r"(?<=[\u3400-\u9fff\]|，?>])([\u3400-\u9fff，])\?(?!$)")
_LIST_RE = re.compile(r"\[[^\]]*\]")
AT_MOST = 14
"""So many texts of one line are looked at; a line with more alternatives gives a sample."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text of a family; by `share` a line with many alternatives weighs no more than a few with one."""

    text: str
    origin: str
    family: str
    wish: bool
    share: float


def load_examples() -> list[Example]:
    """All of them, each text once, in the order of the files."""
    found: dict[str, Example] = {}
    authored = (read(FOLDER / f"{name}.txt", wish) for name, wish in (("wishes", True), ("mentions", False)))
    for one in chain(*authored, _read_open(), _read_ordinary(), _read_sayings(), _read_replies()):
        found.setdefault(one.text, one)
    return list(found.values())


def sources() -> str:
    """Hex sha256 of all that is learnt from."""
    texts = "\n".join(f"{one.text}\t{one.wish}\t{one.share:.6f}" for one in load_examples())
    words = "".join((FOLDER / f"{name}.yaml").read_text(encoding="utf-8") for name in ("classes", "spelling"))
    return hashlib.sha256(f"{texts}\n{words}".encode()).hexdigest()


def _read_open() -> Iterator[Example]:
    """The open phrasings that others wrote; the blind ones are for measuring alone."""
    for name, wish in (("wants_person", True), ("mentions_person", False)):
        lines = [line for path in sorted(OPEN.glob(f"{name}*.jsonl")) for line in path.read_text("utf-8").splitlines()]
        for line in lines:
            if '"half": "open"' in line:
                text = json.loads(line)["text"]
                yield Example(text, "open", text, wish, 1.0)


def _read_ordinary() -> Iterator[Example]:
    """Ordinary questions by matter, none of which asks for a person."""
    for line in ORDINARY.read_text(encoding="utf-8").splitlines():
        matter, _, text = line.partition("\t")
        yield Example(text, "ordinary", f"ordinary:{matter}", False, 0.5)


def _read_sayings() -> Iterator[Example]:
    """What customers say for something to be done, but for those who want it done by somebody."""
    for path in sorted(FLOWS.glob("*.yaml")):
        flow = yaml.safe_load(path.read_text(encoding="utf-8"))
        examples = flow.get("examples", {}) if isinstance(flow, dict) else {}
        for text in "\n".join(examples.values()).splitlines():
            if text and not _SOMEBODY_RE.search(text):
                yield Example(text, "saying", f"saying:{zlib.crc32(text.encode()) % 97}", False, 0.25)


def _read_replies() -> Iterator[Example]:
    """What is said in the middle of a conversation, but for those who say that somebody shall come."""
    for name, texts in yaml.safe_load(REPLIES.read_text(encoding="utf-8")).items():
        for text in texts:
            if not _SOMEBODY_RE.search(text):
                yield Example(text, "reply", f"reply:{name}:{zlib.crc32(text.encode()) % 17}", False, 0.25)


def read(path: Path, wish: bool) -> Iterator[Example]:
    """Yield what a file stands for."""
    words: dict[str, list[str]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("@"):
            name, _, listed = line[1:].partition(" ")
            words[name] = listed.split("|")
        elif line.strip() and not line.startswith(("# ", "= ")):
            texts = expand(line, words)
            listed_only = _LIST_RE.fullmatch(line)
            for place, text in enumerate(texts):
                family = f"{path.stem}:{number}" + (f".{place // 3}" if listed_only else "")
                yield Example(text, "authored", family, wish, 1.0 if listed_only else len(texts) ** -0.5)


def expand(line: str, words: dict[str, list[str]]) -> list[str]:
    """Return the texts a line stands for: all where they are few or a mere list, else a sample, always the same."""
    parts: list[list[str]] = []
    line = _MAYBE_RE.sub(r"[\1|]", line)
    at, total = 0, 1
    for found in _PART_RE.finditer(line):
        choices = found[1].split("|") if found[1] is not None else words[found[3]]
        choices = [*choices, ""] if found[2] or found[4] else choices
        parts += [[line[at : found.start()]], choices]
        at, total = found.end(), total * len(choices)
    parts.append([line[at:]])
    if total <= AT_MOST or _LIST_RE.fullmatch(line):
        return _told("".join(chosen) for chosen in product(*parts))
    chance = random.Random(zlib.crc32(line.encode()))
    return _told("".join(chance.choice(part) for part in parts) for _ in range(AT_MOST * 2))[:AT_MOST]


def _told(texts: Iterator[str]) -> list[str]:
    """Return the texts that say something, each once."""
    return list(dict.fromkeys(" ".join(text.split()) for text in texts if text.strip()))
