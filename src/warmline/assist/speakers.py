"""Who speaks, as seen from beside the agent. Pure."""

from __future__ import annotations

from warmline.conversation.events import Author, AuthorKind

PEOPLE = (AuthorKind.AGENT, AuthorKind.AGENT_FOR_ASSISTANT)


def is_customer(author: Author) -> bool:
    """Tell whether the customer, or somebody who helps them, speaks."""
    return author.kind in (AuthorKind.CUSTOMER, AuthorKind.HELPER)
