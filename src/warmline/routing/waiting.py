"""How long a wait will be: theory first, corrected by what past waits taught, widened until it holds. Pure.

A wait until the n-th of so many conversations ends is Gamma distributed where they end at random (M/M/c; Kleinrock
1975). What that misses is learnt as a factor on each end of the interval: linear quantile regression (Koenker and
Bassett 1978) on the floor's state, the first in line's wait and the last one's among it (Ibrahim and Whitt 2009). A
margin then follows how often the told interval held (adaptive conformal inference; Gibbs and Candès 2021).
Who gave up within the interval teaches nothing; beyond it, that it was too short (Powell 1986).
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Hashable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from warmline.routing.floor import Ended, Floor, Line, RunningMean, Scene, lateness

ENOUGH = 100
"""Waits that ended with a person before anything is learnt from them."""
LEARN_EVERY = 200
KEPT = 8000
"""Waits that are learnt from, the newest; each counts half as much as one `HALF_LIFE` waits newer."""
HALF_LIFE = 4000
_TAILS = (0.05, 0.95)
_NORMAL = np.array([[-1.6448536269514722], [1.6448536269514722]])
_SHIFT = 3.0
"""Seconds added before taking logarithms: a wait of one is not twenty times shorter than one of twenty."""
_RIDGE = 30.0
_ROUNDS = 25
_SMALL = 0.05
_STEP = 0.01
_MOST = 1.5
_FAR = 4.0
"""Standard deviations beyond which a sign counts no more."""
_LATENESS_KEPT = 15
_FEW_PASSING = 1 / 300
_MOST_PASSED = 4.0
"""However many pass, one conversation in so many that end is one's own turn."""
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class View:
    """A line as it is seen at one moment.

    `late`: how much later than by theory its group's last ones were served, and `mostly`: many more of them;
    `margins`: how far each end is moved outwards, in logarithms.
    """

    scene: Scene
    late: float
    mostly: float
    margins: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learnt: a factor on each end of the theory's interval (rows of `weights`)."""

    means: Numbers
    spreads: Numbers
    weights: Numbers

    def correct(self, logs: Numbers, signs: Numbers) -> Numbers:
        """Return the logarithms of both ends, a row each, from the theory's and the `signs`, a row for each wait."""
        scaled = np.clip((signs - self.means) / self.spreads, -_FAR, _FAR)
        corrected: Numbers = logs + self.weights @ scaled.T
        return corrected


def theory(scene: Scene, ahead: Numbers) -> Numbers:
    """Return the 5th and 95th percentile of the time until `ahead` + 1 conversations end (Wilson and Hilferty 1931)."""
    shape = ahead + 1
    found: Numbers = shape * (1 - 1 / (9 * shape) + _NORMAL / (3 * np.sqrt(shape))) ** 3 / scene.rate
    return found


def describe(view: View, ahead: Numbers) -> Numbers:
    """Return what a wait is judged by, a row for each of `ahead`; the first column is 1."""
    scene = view.scene
    same = [
        1.0,
        math.log(scene.rate),
        math.log(scene.able_rate),
        math.log1p(scene.resting),
        float(scene.away),
        math.log(scene.head_seconds + _SHIFT),
        math.log(scene.last_seconds + _SHIFT),
        math.log(scene.passing + _FEW_PASSING),
        math.log(scene.pace_seconds),
        view.late,
        view.mostly,
    ]
    behind = np.log1p(np.maximum(0.0, scene.waiting - ahead))
    net = (ahead + 1) / max(scene.rate / _MOST_PASSED, scene.rate - scene.passing)
    found: Numbers = np.column_stack(
        [np.tile(same, (len(ahead), 1)), np.log(ahead + 0.5), behind, np.log(net + _SHIFT)]
    )
    return found


def widen(logs: Numbers, margins: tuple[float, float]) -> Numbers:
    """Return the ends in seconds, from logarithms, each moved outwards by its margin; the first is never the later."""
    low, high = np.exp(logs[0] - margins[0]) - _SHIFT, np.exp(logs[1] + margins[1]) - _SHIFT
    ends: Numbers = np.stack([np.minimum(low, high), np.maximum(low, high)])
    return ends.clip(0.0)


@dataclass(slots=True)
class _Sample:
    """A wait as it began, and how it ended once it has."""

    line: Line
    signs: Numbers
    logs: Numbers
    expected: float
    told: tuple[float, float]
    seconds: float = 0.0
    served: bool = False


def learn(samples: list[_Sample]) -> Lesson:
    """Fit both ends; with few samples, or signs that say nothing, the theory stays (ridge)."""
    signs = np.stack([one.signs for one in samples])
    logs = np.stack([one.logs for one in samples])
    waited = np.log(np.array([one.seconds for one in samples]) + _SHIFT)
    gave_up = ~np.array([one.served for one in samples])
    age = np.arange(len(samples))[::-1]
    means: Numbers = signs.mean(axis=0)
    spreads: Numbers = signs.std(axis=0) + 1e-9
    means[0], spreads[0] = 0.0, 1.0
    scaled = np.clip((signs - means) / spreads, -_FAR, _FAR)
    counts = 0.5 ** (age / HALF_LIFE)
    weights = [_fit(scaled, waited - logs[:, tail], gave_up, counts, share) for tail, share in enumerate(_TAILS)]
    return Lesson(means, spreads, np.stack(weights))


def _fit(signs: Numbers, rests: Numbers, gave_up: NDArray[np.bool_], counts: Numbers, share: float) -> Numbers:
    """Quantile regression by reweighted least squares (Schlossmacher 1973); a wait given up within it has no weight."""
    ridge = np.eye(signs.shape[1]) * _RIDGE
    ridge[0, 0] = 1e-6
    weights = counts
    found: Numbers = ridge[0]
    for _ in range(_ROUNDS):
        weighed = signs.T * weights
        found = np.asarray(np.linalg.solve(weighed @ signs + ridge / 2, weighed @ rests), np.float64)
        over = rests - signs @ found
        weights = counts * np.where(over > 0, share, 1 - share) / np.maximum(np.abs(over), _SMALL)
        weights = np.where(gave_up & (over < 0), 0.0, weights)
    return found


class Margins:
    """How far each end is moved outwards, for all and for each line, so that one in twenty lies beyond it."""

    def __init__(self) -> None:
        self._all = [0.0, 0.0]
        self._own: dict[Line, list[float]] = {}

    def get(self, line: Line) -> tuple[float, float]:
        """Return the margins of both ends, in logarithms."""
        own = self._own.get(line, (0.0, 0.0))
        return self._all[0] + own[0], self._all[1] + own[1]

    def settle(self, told: tuple[float, float], ended: Ended) -> None:
        """Learn from how a told interval came out; one who gave up within it says nothing."""
        late = ended.seconds > told[1]
        if not ended.served and not late:
            return
        for margins in (self._all, self._own.setdefault(ended.line, [0.0, 0.0])):
            margins[1] = _bound(margins[1] + _STEP * (late - _TAILS[0]))
            if ended.served:
                margins[0] = _bound(margins[0] + _STEP * ((ended.seconds < told[0]) - _TAILS[0]))


def _bound(margin: float) -> float:
    return max(-_MOST, min(_MOST, margin))


@dataclass(slots=True)
class Outlook:
    """What can be told at one moment, by line and number of those ahead. Nothing where too little is known."""

    lesson: Lesson | None = None
    views: dict[Line, View] = field(default_factory=dict)
    _tables: dict[Line, Numbers] = field(default_factory=dict)

    def tell(self, line: Line, ahead: int) -> tuple[float, float] | None:
        """Return the 5th and 95th percentile in seconds; never less for who is further back."""
        view = self.views.get(line)
        if self.lesson is None or view is None:
            return None
        table = self._tables.get(line)
        if table is None or ahead >= table.shape[1]:
            places = np.arange(float(max(64, 2 * ahead)))
            table = np.maximum.accumulate(foresee(self.lesson, view, places), axis=1)
            self._tables[line] = table
        return float(table[0, ahead]), float(table[1, ahead])


def foresee(lesson: Lesson | None, view: View, ahead: Numbers) -> Numbers:
    """Return both ends in seconds, a row each, for who has so many `ahead`; without a lesson by theory alone."""
    logs = np.log(theory(view.scene, ahead) + _SHIFT)
    return widen(lesson.correct(logs, describe(view, ahead)) if lesson else logs, view.margins)


class WaitLearner:
    """Fed with what happens in the order of time, it tells each wait as it begins, from what was over by then."""

    def __init__(self, places: int = 1) -> None:
        """`places`: conversations that a server holds at once; nothing is learnt of who comes while one is free."""
        self._places = places
        self._floor = Floor()
        self._open: dict[Hashable, _Sample] = {}
        self._samples: deque[_Sample] = deque(maxlen=KEPT)
        self._late: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=_LATENESS_KEPT))
        self._mostly: dict[str, RunningMean] = defaultdict(RunningMean)
        self._known: set[Line] = set()
        self._margins = Margins()
        self._lesson: Lesson | None = None
        self._served = self._since = 0

    def enter(self, key: Hashable, line: Line, at: float) -> tuple[float, float] | None:
        """Somebody begins to wait; return what they are to be told, None while a place is free."""
        told = None
        if not self._floor.has_room(self._places):
            told = self._begin(key, line, at)
        self._floor.enter(key, line, at)
        return told

    def serve(self, key: Hashable, line: Line, server: str, at: float) -> None:
        """Somebody is served, after a wait or at once."""
        self._settle(key, self._floor.serve(key, line, server, at))

    def leave(self, key: Hashable, at: float) -> None:
        """Somebody goes: who waited gives up, who was being served is done."""
        if self._floor.is_served(key):
            self._floor.finish(key, at)
        else:
            self._settle(key, self._floor.give_up(key, at))

    def is_served(self, key: Hashable) -> bool:
        """Tell whether somebody is with them."""
        return self._floor.is_served(key)

    def look(self, at: float) -> Outlook:
        """Return what can be told now, in every line that anybody was served from."""
        if self._lesson is None:
            return Outlook()
        return Outlook(self._lesson, {line: self._view(line, at) for line in self._known})

    def count_ahead(self, line: Line) -> float:
        """Return how many are served before who comes to this line now."""
        return self._floor.count_before(line)

    def _view(self, line: Line, at: float) -> View:
        late, mostly = self._late[line.group], self._mostly[line.group]
        return View(
            self._floor.look(line, at), sum(late) / max(1, len(late)), mostly.near(0.0), self._margins.get(line)
        )

    def _begin(self, key: Hashable, line: Line, at: float) -> tuple[float, float]:
        view, ahead = self._view(line, at), np.array([self._floor.count_before(line)])
        low, high = foresee(self._lesson, view, ahead)[:, 0]
        logs = np.log(theory(view.scene, ahead) + _SHIFT)[:, 0]
        expected = float(ahead[0] + 1) / view.scene.rate
        self._open[key] = _Sample(line, describe(view, ahead)[0], logs, expected, (float(low), float(high)))
        return float(low), float(high)

    def _settle(self, key: Hashable, ended: Ended | None) -> None:
        sample = self._open.pop(key, None)
        if ended is None or sample is None or ended.seconds <= 0:
            return
        self._margins.settle(sample.told, ended)
        sample.seconds, sample.served = ended.seconds, ended.served
        self._samples.append(sample)
        if ended.served:
            self._note_lateness(sample)
        self._since += 1
        if self._served >= ENOUGH and self._since >= (LEARN_EVERY if self._lesson else 1):
            self._lesson, self._since = learn(list(self._samples)), 0

    def _note_lateness(self, sample: _Sample) -> None:
        late = lateness(sample.seconds, sample.expected)
        self._late[sample.line.group].append(late)
        self._mostly[sample.line.group].add(late)
        self._known.add(sample.line)
        self._served += 1
