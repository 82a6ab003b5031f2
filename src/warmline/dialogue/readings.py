"""Whether there is a choice to put to the customer, or nothing that is known well enough. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from warmline.knowledge.calibration import Release, ReleaseKind, ReleasePolicy
from warmline.knowledge.search import Candidate


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
