"""Whether words ask something. Pure."""

import re

from warmline.language.normalise import normalise

_ASKS = re.compile(
    r"\?|[吗咋哪谁]|[是有能会行好对要]嘛|(?<!冇)[咩乜]|点[样解算]|边[度个张笔间位](?!都)|几[时耐]|伐$|(?<![我就偏才可绝决也])不$|(?<!没)(?:啥|什么)|(?<![这那多要怎什])么|(?<!着)呢|怎|如何|多[少久长大高远]|几[个天年点次张期位岁时]|为何|是否|有没有|"
    r"不会.{1,10}吧|(?P<one>[能会要行可是有该用收算系得使])(?:不|没|唔)(?P=one)|"
    r"^(?:(?:and|also|plus|then|so|but) )?(?:how|what|when|where|why|which|who|"
    r"can|could|do|does|did|is|are|am|will|would|should|may)\b|"
    r"\b(?:(?:know|tell me|wonder(?:ing)?|ask) (?:how|what|when|where|why|which|whether|if)|"
    r"(?:how|what|where) (?:do|can|should|to))\b"
)
_FORGOTTEN = re.compile(
    r"[哪几怎什][^?,，。]{0,12}(?:想不起来?|记不[清得住起]|不记得|忘了|忘记|唔记得|说不上来|看不清)[^?吗]*$|"
    r"(?:想不起来?|记不[清得住]|不记得|唔记得|忘了|忘记)(?:了|咗)?(?:是|系|在)?[^?,，。吗怎办能]{0,10}$|"
    r"\b(?:can't|cannot|don't|couldn't) (?:remember|recall)\b[^?]*$|\bforg[eo]t\b[^?]*$"
)
"""Who has forgotten which one it was asks nothing."""


def asks(text: str) -> bool:
    """Tell whether words ask something: 就这么定了 and 没什么 do not."""
    return bool(_ASKS.search(_FORGOTTEN.sub("", normalise(text))))


def forgets(text: str) -> bool:
    """Tell whether words say that which one it was is forgotten: 哪一台真的想不起来."""
    return bool(_FORGOTTEN.search(normalise(text)))
