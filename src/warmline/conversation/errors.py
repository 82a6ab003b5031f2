"""What a command on a conversation can be refused for."""

from __future__ import annotations

from warmline.kit.errors import ConflictError, InvalidError


class AlreadyTakenError(ConflictError):
    """Another agent has accepted it; `agent_name` says who."""

    code = "already_taken"


class NotYoursError(ConflictError):
    """The conversation belongs to someone else now; `owner` and `agent_name` say to whom."""

    code = "not_yours"


class ColleagueRepliedError(ConflictError):
    """A newer reply from staff exists at `seq`; look at it, then send again without `expect_seq`."""

    code = "colleague_replied"


class NotWaitingError(ConflictError):
    """Nobody is waiting in this conversation; `owner` says who has it."""

    code = "not_waiting"


class ConversationClosedError(ConflictError):
    """The conversation has ended; a customer's new message opens it again."""

    code = "conversation_closed"


class WithAPersonError(ConflictError):
    """A person is looking after the customer; only they can hand back."""

    code = "with_a_person"


class NoRecapError(ConflictError):
    """No recap waits for an answer: none was proposed, or it is answered already."""

    code = "no_recap"


class MessageEmptyError(InvalidError):
    """A message needs words or an attachment."""

    code = "message_empty"


class UnknownSeqError(InvalidError):
    """There is no such message; `seq` was given."""

    code = "unknown_seq"


class CallbackTimeError(InvalidError):
    """The time lies in the past; `due_at` was given."""

    code = "callback_time_past"


class NotBesideError(ConflictError):
    """Colleagues come in only where a person has the conversation; `owner` says who has it."""

    code = "not_beside"
