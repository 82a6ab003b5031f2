"""Simplified to Traditional by OpenCC, with words of Taiwan (s2twp) or characters of Hong Kong (s2hk)."""

from __future__ import annotations

from functools import lru_cache

import opencc


@lru_cache(maxsize=2)
def _converter(config: str) -> opencc.OpenCC:
    return opencc.OpenCC(config)


_TAIWAN = str.maketrans("“”‘’賬", "「」『』帳")
"""What s2twp leaves: Taiwan's quotation marks, and the character Taiwan writes in 帳單 and 帳號."""


def to_traditional(text: str, locale: str) -> str:
    """Convert for `zh-Hant-HK`, else as used in Taiwan; what is not Chinese stays as it is."""
    if locale == "zh-Hant-HK":
        return str(_converter("s2hk").convert(text))
    return str(_converter("s2twp").convert(text)).translate(_TAIWAN)
