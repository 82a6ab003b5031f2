"""What staffing can be refused for."""

from __future__ import annotations

from warmline.kit.errors import ConflictError, InvalidError


class AgentsUnclearError(InvalidError):
    """`given`, in `field`, is no span of the day with a number of agents."""

    code = "agents_unclear"


class SpansOverlapError(InvalidError):
    """Two spans of `field` say different things of `at`."""

    code = "spans_overlap"


class TargetUnclearError(InvalidError):
    """`given`, in `field`, is no service level such as 80/20."""

    code = "target_unclear"


class DayOutOfReachError(InvalidError):
    """`field`: no forecast is made for `given`; only from `first` to `last`."""

    code = "day_out_of_reach"


class TooLittleHistoryError(ConflictError):
    """Only `days` whole days lie behind, `needed` are needed for a forecast."""

    code = "too_little_history"
