"""The weights of what the rules of acts miss."""

from __future__ import annotations

import numpy as np

from benchmarks.fit_acts import fit
from warmline.language.entities.learnt import read_acts_model


def test_the_weights_were_learnt_from_the_examples_there_are() -> None:
    """`python -m benchmarks.fit_acts` learns them anew after a change of examples or of how texts are folded."""
    shipped, now = read_acts_model(), fit()
    assert (list(shipped.rows), shipped.acts) == (list(now.rows), now.acts)
    assert np.allclose(shipped.idf, now.idf)
    assert np.allclose(shipped.weights, now.weights, atol=0.02)
    assert np.allclose(shipped.bias, now.bias, atol=0.02)
