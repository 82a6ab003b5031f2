"""What can go wrong with articles."""

from __future__ import annotations

from warmline.kit.errors import ConflictError, InvalidError, NotFoundError


class ArticleNotFoundError(NotFoundError):
    """No article, or no version of it, under this id."""

    code = "article_not_found"


class ArticleExistsError(ConflictError):
    """The id is taken."""

    code = "article_exists"


class ArticleChangedError(ConflictError):
    """Someone else saved it since it was read; `revision` is the present one."""

    code = "article_changed"


class ArticleInvalidError(InvalidError):
    """The words may not be saved; `problems` lists code, field and language."""

    code = "article_invalid"


class NotPublishableError(InvalidError):
    """The draft may not go live; `problems` lists code, field and language."""

    code = "not_publishable"


class UnreadableFileError(InvalidError):
    """A file as a whole cannot be imported; `reason` is one of the codes of `words`."""

    code = "unreadable_file"
