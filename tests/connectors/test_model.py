"""What is known after some tries, and when another one is safe."""

from __future__ import annotations

import pytest

from warmline.connectors.model import Attempt, Effect, Outcome, Status, conclude, may_try_again

DONE = Attempt(Outcome.DONE, {"reference": "1"})
REFUSED = Attempt(Outcome.REFUSED, code="cooling_off")
NOT_DONE = Attempt(Outcome.NOT_DONE, code="unreachable", again=True)
UNCLEAR = Attempt(Outcome.UNCLEAR, code="timeout", again=True)


@pytest.mark.parametrize(
    ("attempts", "read", "deed"),
    [
        ([DONE], Status.OK, Status.OK),
        ([REFUSED], Status.REFUSED, Status.REFUSED),
        ([NOT_DONE], Status.FAILED, Status.FAILED),
        ([UNCLEAR], Status.FAILED, Status.UNKNOWN),
        ([UNCLEAR, DONE], Status.OK, Status.OK),
        ([UNCLEAR, NOT_DONE], Status.FAILED, Status.UNKNOWN),
        ([NOT_DONE, UNCLEAR], Status.FAILED, Status.UNKNOWN),
        ([NOT_DONE, NOT_DONE], Status.FAILED, Status.FAILED),
    ],
)
def test_what_is_known_in_the_end(attempts: list[Attempt], read: Status, deed: Status) -> None:
    assert conclude(Effect.READ, attempts)[0] is read
    for effect in (Effect.PROTECT, Effect.CHANGE):
        assert conclude(effect, attempts)[0] is deed


def test_a_deed_that_may_have_happened_is_tried_again_only_under_a_key() -> None:
    assert may_try_again(Effect.READ, UNCLEAR, keyed=False)
    assert may_try_again(Effect.CHANGE, UNCLEAR, keyed=True)
    assert not may_try_again(Effect.CHANGE, UNCLEAR, keyed=False)
    assert may_try_again(Effect.CHANGE, NOT_DONE, keyed=False)
    assert not may_try_again(Effect.READ, REFUSED, keyed=True)
