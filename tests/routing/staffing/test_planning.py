"""Spans people write, Poisson arrivals, teams and what is needed."""

from __future__ import annotations

from statistics import fmean, pvariance

import pytest

from tests.routing.staffing.support import Past
from warmline.routing.staffing.erlang import Target
from warmline.routing.staffing.model import SLOT, Outcome, Shift
from warmline.routing.staffing.planning import (
    Basis,
    NoSpanError,
    OverlapError,
    Span,
    Spans,
    draw_arrivals,
    make_team,
    mean_patience,
)
from warmline.routing.staffing.summary import every, replace_agents, summarise


def test_spans_as_people_write_them() -> None:
    spans = Spans.parse(["11:00–24:00 = 3", " 9:00-11:00=12"])
    assert [(one.start, one.end, one.agents) for one in spans.spans] == [(32400, 39600, 12), (39600, 86400, 3)]
    quarters = spans.by_quarter()
    assert (quarters[35], quarters[36], quarters[43], quarters[44], quarters[95]) == (0, 12, 12, 3, 3)


@pytest.mark.parametrize("given", ["", "9-11=3", "09:00-11:00", "11:00-09:00=3", "09:00-24:15=1", "09:00-11:00=-1"])
def test_what_is_no_span(given: str) -> None:
    with pytest.raises(NoSpanError) as refused:
        Spans.parse([given])
    assert refused.value.given == given


def test_two_spans_of_one_moment() -> None:
    with pytest.raises(OverlapError) as refused:
        Spans.parse(["09:00-11:00=1", "10:30-12:00=2"])
    assert refused.value.at == "10:30"


@pytest.mark.parametrize("text", ["80", "80/", "0/20", "100/20", "80/20s"])
def test_what_is_no_target(text: str) -> None:
    with pytest.raises(ValueError, match="80/20"):
        Target.parse(text)


def test_arrivals_are_poisson() -> None:
    counts = [len(draw_arrivals([0, 12], seed)) for seed in range(2000)]
    assert fmean(counts) == pytest.approx(12, rel=0.03)
    assert pvariance(counts) == pytest.approx(12, rel=0.12)
    assert all(SLOT <= one.at < 2 * SLOT for one in draw_arrivals([0, 12], 1))


def test_a_team_is_there_as_written() -> None:
    team = make_team([0, 2, 3, 1, 0, 1], places=2)
    assert sorted((one.start / SLOT, one.end / SLOT) for one in team) == sorted(2 * [(1, 4), (1, 3), (2, 3), (5, 6)])


def test_places_share_the_load() -> None:
    target = Target(0.8, 20)
    single, triple = Basis(300, None).need(60, target), Basis(300, None, places=3).need(60, target)
    assert 3 * triple >= single > 3 * (triple - 1)


def test_mean_patience_counts_those_who_stayed() -> None:
    waits = [Past(0, waited=30, queued=True), Past(0, waited=10, queued=True, served=False)]
    assert mean_patience([*waits, Past(0, waited=0)]) == 40
    assert mean_patience(waits[:1]) is None


def test_agents_put_instead_of_others() -> None:
    shifts = replace_agents([Shift(0, 100, "A"), Shift(40, 60, "B")], [0], [Span(50, 80, 2)])
    assert sorted((one.start, one.end) for one in shifts) == [(0, 50), (40, 50), (50, 80), (50, 80), (80, 100)]


def test_the_summary_of_a_day() -> None:
    outcomes = [
        Outcome(10, "", 0, served=True, service=890), Outcome(100, "", 30, served=True, service=900),
        Outcome(200, "", 50, served=False),
    ]  # fmt: skip
    (first,) = summarise([outcomes], [Shift(0, 1800), Shift(0, 1800)], [0, 900, 1800], [0], 20)
    assert (first.arrivals, first.agents) == (3, 2)
    assert first.mean_wait == pytest.approx(80 / 3)
    assert first.p50 == 30
    assert first.level == pytest.approx(1 / 3)
    assert first.abandonment == pytest.approx(1 / 3)
    assert first.occupancy == pytest.approx((890 + 770) / 1800)
    assert len(every(900)) == 97
