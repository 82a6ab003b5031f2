"""Which articles are near enough to be named beside what is not known. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from warmline.knowledge.features import NAMES
from warmline.knowledge.search import Candidate

NEAR = {"meaning": 0.55, "wording": 0.40}
"""From here on one of these says that an article is about the same thing: small talk and what no bank does stay below,
products that do not exist come above (thirty questions, looked at one by one)."""
LIKELY = 0.35
"""An article this likely to be the right one is near, whatever the signs say."""


def is_near(candidate: Candidate) -> bool:
    """Tell whether an article is worth naming as near to a question that it does not answer."""
    return candidate.score >= LIKELY or shows(candidate, NEAR)


def shows(candidate: Candidate, least: Mapping[str, float]) -> bool:
    """Tell whether an article shows one of these signs strongly enough; one without signs does."""
    signs = dict(zip(NAMES, candidate.features, strict=False))
    return not signs or any(signs.get(name, 0.0) >= strength for name, strength in least.items())
