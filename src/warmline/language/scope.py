"""Whether a text is about anything the bank answers: several signs of it, on one scale."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Scope:
    """How each sign lies among texts in scope, and the score under which a text is held to be out of it."""

    means: Doubles
    spreads: Doubles
    threshold: float = -np.inf

    def scores(self, signs: Doubles) -> Doubles:
        """For signs [n, k]: mean distance from texts in scope, in spreads; 0 is typical, less is stranger."""
        found: Doubles = ((signs - self.means) / self.spreads).mean(axis=1)
        return found


def learn_scope(signs: Doubles, turned_away: float) -> Scope:
    """From signs [n, k] of texts in scope not learnt from: ``turned_away`` is the share of them given up.

    A sign that never varies among them says nothing and has no weight.
    """
    if not len(signs):
        width = signs.shape[1]
        return Scope(np.zeros(width), np.ones(width))
    spreads = signs.std(axis=0)
    scope = Scope(signs.mean(axis=0), np.where(spreads > 0, spreads, np.inf))
    return Scope(scope.means, scope.spreads, float(np.quantile(scope.scores(signs), turned_away)))
