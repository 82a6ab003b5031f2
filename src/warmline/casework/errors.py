"""What can be refused of a case or a promise."""

from __future__ import annotations

from warmline.kit.errors import ConflictError, InvalidError


class CaseChangedError(ConflictError):
    """Somebody else has changed this case since it was loaded: `by`, `at`."""

    code = "case_changed"


class CaseStepError(ConflictError):
    """A case cannot go from `status` to `wanted`."""

    code = "case_step"


class PromiseChangedError(ConflictError):
    """Somebody else has changed this promise since it was loaded: `by`, `at`."""

    code = "promise_changed"


class PromiseStepError(ConflictError):
    """What was wanted cannot be done with a promise that is `status`."""

    code = "promise_step"


class DueTimeError(InvalidError):
    """The time is past, or further off than anybody plans."""

    code = "due_time"
