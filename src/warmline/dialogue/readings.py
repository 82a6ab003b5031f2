"""Whether there is a choice to put to the customer, or nothing that is known well enough. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from warmline.knowledge.calibration import Release, ReleaseKind, ReleasePolicy
from warmline.knowledge.features import NAMES
from warmline.knowledge.search import Candidate

NEAR = {"meaning": 0.55, "wording": 0.40}
"""From here on one of these says that an article is about the same thing: small talk and what no bank does stay below,
products that do not exist come above (thirty questions, looked at one by one)."""
LIKELY = 0.35
"""An article this likely to be the right one is near, whatever the signs say."""


def choose_at(policy: ReleasePolicy) -> float:
    """Return from which chance that one of them is right readings are a choice: half way to an answer."""
    return (policy.clarify_at + policy.answer_at) / 2


def decide_release(policy: ReleasePolicy, candidates: Sequence[Candidate]) -> Release:
    """Decide as the policy does whether to answer; below that, weigh the readings together.

    A score is the chance that an article is the right one, so their sum is the chance that the right one is among
    them: two articles on the same trouble are strong together though neither is alone, three strangers are weak.
    """
    release = policy.release(candidates)
    if release.kind is ReleaseKind.ANSWER or not candidates:
        return release
    offered = replace(policy, clarify_at=-math.inf).release(candidates)
    chance = sum(one.score for one in candidates if one.article_id in offered.article_ids)
    if chance >= choose_at(policy):
        return offered
    return Release(ReleaseKind.NOTHING, (), release.confidence, "weak_readings")


def is_near(candidate: Candidate) -> bool:
    """Tell whether an article is worth naming as near to a question that it does not answer."""
    if candidate.score >= LIKELY:
        return True
    signs = dict(zip(NAMES, candidate.features, strict=False))
    return not signs or any(signs.get(name, 0.0) >= least for name, least in NEAR.items())
