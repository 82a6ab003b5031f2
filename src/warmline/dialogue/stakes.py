"""Whether a wrong word would cost the customer money or a right. Pure."""

from __future__ import annotations

import re

from warmline.dialogue.feeling import find_amount
from warmline.language.service import normalise

_LAW = re.compile(
    r"法律|法院|律师|起诉|诉讼|仲裁|判决|强制执行|公证|遗产|继承|遗嘱|监护|离婚|征信|失信|违约|侵权|"
    r"赔偿|索赔|担责|合同|"
    r"\b(?:law|legal|lawyer|court|sued?|lawsuit|judg(?:e)?ment|inherit\w*|probate|divorce|liab\w+|contract|damages|"
    r"credit (?:record|report))\b"
)


def is_at_stake(text: str) -> bool:
    """Tell whether a text names a sum of its own or a matter of law."""
    return find_amount(text) is not None or bool(_LAW.search(normalise(text)))
