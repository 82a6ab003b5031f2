"""Whatever the terminal's encoding, a command prints and its JSON stays JSON."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys

import pytest

from warmline.kit.console import count_from

SCRIPT = """
from warmline.kit.console import never_fail_to_print, progress, say, say_json
never_fail_to_print()
say("春和 😀"); progress("春和 😀"); say_json({"text": "春和 😀 \\udcff"})
"""


@pytest.mark.parametrize(("encoding", "shown"), [("utf-8", "春和 😀"), ("gbk", "春和 ?"), ("latin-1", "?? ?")])
def test_signs_a_terminal_lacks_end_no_command(encoding: str, shown: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, check=True)
    said, result = done.stdout.decode(encoding).splitlines()
    assert (said, done.stderr.decode(encoding).strip()) == (shown, shown)
    assert json.loads(result) == {"text": "春和 😀 \udcff"}


@pytest.mark.parametrize("text", ["-1", "0", "x", "1.5", "", "²", "1e3"])
def test_what_is_no_number_of_things_is_told(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not a whole number from 1"):
        count_from(1)(text)
    assert count_from(1)("1") == 1
