"""A customer at the terminal."""

from __future__ import annotations

from tests.support import blank
from warmline.commands.ask import _post


def test_bytes_that_are_no_text_can_be_said_all_the_same() -> None:
    """Python keeps such bytes of the command line as half characters, which nothing can store."""
    assert _post(blank(), "卡丢了\udcff").text == "卡丢了?"
