"""What taking and passing on can be refused for."""

from __future__ import annotations

from warmline.kit.errors import ConflictError, InvalidError, UsageError


class ColleagueAwayError(ConflictError):
    """The colleague is not there to take anyone; `name` says who."""

    code = "colleague_away"


class AsksForSecretError(InvalidError):
    """The words ask the customer for what nobody may ask; `kind` is `pin`, `code` or `cvv`, `start` and `end` where."""

    code = "asks_for_secret"


class GroupInUseError(ConflictError):
    """`conversations` wait for the group or are with an agent for it; they have to be served first."""

    code = "group_in_use"


class GroupInRulesError(ConflictError):
    """The routing file speaks of `group`; its rules would lead to nobody."""

    code = "group_in_rules"


class RulesContradictError(UsageError):
    """The routing file cannot be meant as it stands; `reason` says what contradicts it, and what to do."""

    code = "rules_contradict"
