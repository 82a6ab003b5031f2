"""How feelings move over a conversation: a fold that depends on nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from warmline.language.service import Direction, Emotion, Feeling, Trajectory, follow


def _felt(emotion: Emotion, intensity: float) -> Feeling:
    return Feeling(emotion=emotion, intensity=intensity)


CALM, CROSS, FURIOUS = _felt(Emotion.CALM, 0), _felt(Emotion.ANGER, 0.5), _felt(Emotion.ANGER, 0.9)
FEELINGS = st.builds(_felt, st.sampled_from(list(Emotion)), st.floats(0, 1))


def test_distress_that_grows_is_rising_and_its_peak_is_kept() -> None:
    way = follow([CALM, CROSS, FURIOUS])
    assert way.direction is Direction.RISING
    assert (way.turns, way.turns_in_distress, way.in_a_row) == (3, 2, 2)
    assert (way.peak, way.peak_emotion) == (0.9, Emotion.ANGER)


def test_who_calms_down_is_falling_and_the_peak_stays() -> None:
    way = follow([FURIOUS, FURIOUS, CALM])
    assert way.direction is Direction.FALLING
    assert way.in_a_row == 0
    assert way.peak == 0.9
    assert way.turns_in_distress == 2


def test_joy_is_no_distress_and_one_turn_has_no_direction() -> None:
    assert follow([_felt(Emotion.JOY, 1)]).peak == 0
    assert follow([FURIOUS]).direction is Direction.LEVEL
    assert follow([]) == Trajectory()


@given(st.lists(FEELINGS, max_size=12), st.lists(FEELINGS, max_size=12))
def test_folding_on_is_folding_all(first: list[Feeling], rest: list[Feeling]) -> None:
    way = follow(first)
    for feeling in rest:
        way = way.then(feeling)
    assert way == follow([*first, *rest])
    assert 0 <= way.level <= way.peak <= 1
    assert way.in_a_row <= way.turns_in_distress <= way.turns
