"""What was learnt is kept as numbers, and believed only where it is whole and its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from warmline.language import learnt
from warmline.language.errands import ErrandClassifier, Saying
from warmline.language.service import keep_learnt, learnt_key, read_learnt

ARRAYS = {"weights": np.arange(6, dtype=np.float32).reshape(2, 3), "names": np.array(["查余额", "挂失"])}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "index" / "learnt"
    keep_learnt(path, "key", ARRAYS)
    return path


def test_it_is_read_as_it_was_kept_and_nothing_is_left_beside_it(kept: Path) -> None:
    keep_learnt(kept, "newer", ARRAYS)
    found = read_learnt(kept, "newer")
    assert found is not None
    assert found.keys() == ARRAYS.keys()
    assert all(np.array_equal(found[name], ARRAYS[name]) for name in ARRAYS)
    assert list(kept.parent.iterdir()) == [kept]


def test_nothing_is_read_under_another_key_nor_where_nothing_is(kept: Path) -> None:
    assert read_learnt(kept, "other") is None
    assert read_learnt(kept.with_name("nowhere"), "key") is None
    assert read_learnt(kept.parent, "key") is None


def test_a_file_cut_off_anywhere_is_not_believed(kept: Path) -> None:
    whole = kept.read_bytes()
    for length in range(0, len(whole), 7):
        kept.write_bytes(whole[:length])
        assert read_learnt(kept, "key") is None


def test_a_file_with_a_byte_gone_wrong_is_not_believed(kept: Path) -> None:
    whole = kept.read_bytes()
    for at in range(len(whole)):
        kept.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        assert read_learnt(kept, "key") is None


def test_nothing_in_the_file_is_run(kept: Path, tmp_path: Path) -> None:
    class Bad:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (tmp_path / "ran",)

    keep_learnt(kept, "key", {"weights": np.array([Bad()], dtype=object)})
    assert read_learnt(kept, "key") is None
    assert not (tmp_path / "ran").exists()


def test_what_cannot_be_kept_leaves_what_was(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("warmline.language.learnt.os.replace", full)
    with pytest.raises(OSError, match="No space"):
        keep_learnt(kept, "newer", ARRAYS)
    assert read_learnt(kept, "key") is not None
    assert list(kept.parent.iterdir()) == [kept]


def test_a_key_is_of_all_its_parts_and_of_the_code_that_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {learnt_key("a", "b"), learnt_key("ab"), learnt_key("a"), learnt_key("b", "a")}
    learnt._ways_mark.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(learnt, "version", lambda name: "9.9" if name == "scikit-learn" else "1.0")
        keys.add(learnt_key("a"))
    learnt._ways_mark.cache_clear()
    assert len(keys) == 5


def test_errands_are_read_as_they_were_learnt_and_parts_that_do_not_fit_are_refused() -> None:
    said = [Saying(f"查余额{n}", "balance", True) for n in range(9)] + [
        Saying(f"几点开门{n}", "", False) for n in range(9)
    ]
    vectors = np.random.default_rng(37).normal(size=(18, 8)).astype(np.float32)
    taught = ErrandClassifier.learn(said, vectors)
    again = ErrandClassifier(dict(taught.arrays))
    assert again.read("查余额", vectors[0]) == taught.read("查余额", vectors[0])
    assert again.read("查余额", vectors[0]).matter == "balance"
    for name in ("letters_rarity", "words_terms", "weights", "bias", "mean"):
        with pytest.raises((ValueError, KeyError)):
            ErrandClassifier({**taught.arrays, name: taught.arrays[name][:-2]})
