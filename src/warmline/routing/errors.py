"""What taking and passing on can be refused for."""

from __future__ import annotations

from warmline.kit.errors import ConflictError


class ColleagueAwayError(ConflictError):
    """The colleague is not there to take anyone; `name` says who."""

    code = "colleague_away"
