"""Masking of personal data for logs, exports and whoever may not see it. Pure; twice is the same as once."""

from __future__ import annotations

import re
from collections.abc import Iterator

STARS = "****"
_COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "歐陽",
        "司马",
        "司馬",
        "上官",
        "诸葛",
        "諸葛",
        "东方",
        "東方",
        "皇甫",
        "尉迟",
        "尉遲",
        "令狐",
        "慕容",
        "司徒",
        "夏侯",
    ]
)
SURNAMES = (
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林罗羅高郑鄭梁谢謝宋唐许許邓鄧冯馮韩韓曹曾彭萧蕭肖蔡潘田董袁于余叶葉蒋蔣杜苏蘇魏程吕呂丁沈任姚卢盧"
    "傅钟鍾鐘姜崔谭譚廖范汪陆陸金石戴贾賈韦韋夏邱方侯邹鄒熊孟秦白江阎閻薛尹段雷黎史龙龍陶贺賀顾顧毛郝龚龔邵万萬钱錢严嚴覃武戴莫孔向汤湯"
)
_DATE = r"(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ID_NUMBER = re.compile(rf"[1-9]\d{{5}}{_DATE}\d{{3}}[\dXx]|[1-9]\d{{7}}(?:0[1-9]|1[0-2])\d{{2}}\d{{3}}")
_MOBILE = re.compile(r"(?:00)?(?:86)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})\d{7,8}")
_EMAIL = re.compile(r"[\w.+-]{1,64}(?:@[\w-]{1,63}(?:\.[\w-]{1,63})+)+")
_DIGITS = re.compile(r"(?<![\d*])\+?\d(?:[ \-\u00a0\u200b-\u200d]?\d){6,}(?:[ \-]?[Xx](?![A-Za-z]))?")
_REGION_ID = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{1,2}\d{6}[（(]?[\dA][)）]?(?!\d)|(?<![A-Za-z0-9])[A-Z][1289]\d{8}(?!\d)"
)
_DOOR = r"[\w\-之]{1,8}(?:号院|号楼|號樓|号|號|弄|栋|棟|幢|单元|單元|室|楼|樓|层|層|户|戶)"
_STREET = re.compile(
    rf"([\u4e00-\u9fff]{{2,10}}(?:路|街|道|巷|胡同|村|镇|鎮|小区|小區|花园|花園))\s?(?:{_DOOR}\s?){{1,6}}"
)
_INTRODUCED = re.compile(
    rf"((?:我叫|名叫|名字叫|名字是|姓名|户名|戶名|收款人|联系人|聯絡人|聯繫人|持卡人)[是为為:：\s]{{0,2}})"
    rf"((?:{'|'.join(sorted(_COMPOUND_SURNAMES))})[\u4e00-\u9fff]{{1,2}}|[{SURNAMES}][\u4e00-\u9fff]{{1,2}})"
)
_LONG = re.compile(r"(?<![\d.,])\d{6}(?![\d,]|\.\d|\s?(?:[元块塊圆圓万萬]|yuan|rmb|cny))")
"""Six figures that are no sum are a code as likely as not."""
_WIDE = str.maketrans("０１２３４５６７８９－　", "0123456789- ")


def mask_phone(phone: str) -> str:
    """Keep the beginning and the last four: `138****5678`, `021-****3737`; too short a number shows none."""
    digits = _digits_of(phone)
    if len(digits) < 7:
        return STARS if digits else ""
    if _MOBILE.fullmatch(digits):
        return f"{digits[-11:-8]}{STARS}{digits[-4:]}"
    area = re.match(r"0(?:10|2\d|[3-9]\d{2})", digits)
    return f"{area.group()}-{STARS}{digits[-4:]}" if area else STARS + digits[-4:]


def mask_id_number(number: str) -> str:
    """Keep the first three and the last: `110**************X`."""
    number = re.sub(r"\W", "", number)
    return number[:3] + "*" * (len(number) - 4) + number[-1] if len(number) > 6 else STARS


def mask_card(number: str) -> str:
    """Keep the last four: `****1234`."""
    digits = _digits_of(number)
    return STARS + digits[-4:] if len(digits) > 8 else STARS


def mask_name(name: str) -> str:
    """Keep the surname of a Chinese name (`王**`), the initials of another (`J*** S****`)."""
    name = name.strip()
    if re.fullmatch(r"[\u3400-\u9fff]+", name):
        keep = 2 if len(name) > 2 and name[:2] in _COMPOUND_SURNAMES else 1
        return name[:keep] + "*" * max(1, len(name) - keep)
    return " ".join(part[0] + "*" * max(1, len(part) - 1) for part in name.split())


def mask_email(address: str) -> str:
    """Keep the first letter and the domain: `w***@chunhe.example`."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}" if at else STARS


def mask_pii(text: str) -> str:
    """Mask mail addresses, ID, card and phone numbers, street addresses and introduced names within a text.

    It errs on the side of masking: every run of twelve or more digits counts as a card number.
    """
    text = _EMAIL.sub(lambda found: mask_email(found.group()), text)
    text = _sub_wide(_DIGITS, text)
    text = _REGION_ID.sub(lambda found: mask_id_number(found.group()), text)
    text = _STREET.sub(lambda found: found.group(1) + STARS, text)
    return _INTRODUCED.sub(lambda found: found.group(1) + mask_name(found.group(2)), text)


def find_personal(text: str) -> Iterator[tuple[int, int, str]]:
    """Find where in a text (of half-width figures) such data stands, with its kind: what `mask_pii` masks and more.

    Here every run of seven figures counts, whatever it may be, and the whole of an address.
    """
    yield from ((*one.span(), "mail") for one in _EMAIL.finditer(text))
    for one in _DIGITS.finditer(text):
        yield (*one.span(), _kind_of(one.group()))
    yield from ((*one.span(), "id") for one in _REGION_ID.finditer(text))
    yield from ((*one.span(), "number") for one in _LONG.finditer(text))
    yield from ((*one.span(), "place") for one in _STREET.finditer(text))
    yield from ((*one.span(2), "name") for one in _INTRODUCED.finditer(text))


def _kind_of(run: str) -> str:
    digits = _digits_of(run)
    if _ID_NUMBER.fullmatch(re.sub(r"[^\dXx]", "", run)):
        return "id"
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return "phone"
    return "card" if len(digits) >= 12 else "number"


def _sub_wide(pattern: re.Pattern[str], text: str) -> str:
    """Mask runs of digits, found also where they are written full width."""
    parts, last = [], 0
    for found in pattern.finditer(text.translate(_WIDE)):
        parts += [text[last : found.start()], _mask_run(found.group())]
        last = found.end()
    return "".join([*parts, text[last:]])


def _mask_run(run: str) -> str:
    compact = re.sub(r"[^\dXx]", "", run)
    if _ID_NUMBER.fullmatch(compact):
        return mask_id_number(compact)
    digits = _digits_of(run)
    if _MOBILE.fullmatch(digits) or (_LANDLINE.fullmatch(digits) and len(digits) < 13):
        return mask_phone(digits)
    if run.startswith("+") and len(digits) <= 15:
        return STARS + digits[-4:]
    return mask_card(digits) if len(digits) >= 12 else run


def _digits_of(text: str) -> str:
    return re.sub(r"\D", "", text.translate(_WIDE))
