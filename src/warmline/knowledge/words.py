"""Sentences for editors in zh-Hans, zh-Hant and en: why a row, a draft or a whole file is refused."""

from __future__ import annotations

from typing import Any

from warmline.knowledge.adapters.opencc import to_traditional
from warmline.knowledge.model import EN, ZH_HANT, language_of

_SENTENCES: dict[str, tuple[str, str]] = {
    "bad_id": (
        "编号只能用文字、数字、下划线和连字符，最多 80 个字",
        "an id holds letters, digits, underscores and hyphens only, at most 80",
    ),
    "unknown_language": (
        "不认识的语言：只用 zh-Hans、zh-Hant 或 en",
        "unknown language: use zh-Hans, zh-Hant or en",
    ),
    "language_twice": ("同一种语言写了两遍", "the same language is there twice"),
    "variant_twice": (
        "同一渠道、同一人群的变体写了两遍",
        "two variants are for the same channel and audience",
    ),
    "variant_for_nobody": (
        "变体要写明渠道（channel）或人群（audience）",
        "a variant needs a channel or an audience",
    ),
    "variant_without_text": (
        "这个变体没有同一编号、同一语言的主答案",
        "this variant has no main row with the same id and language",
    ),
    "too_long": ("太长，最多 {limit} 个字", "too long: at most {limit} characters"),
    "too_many": ("太多，最多 {limit} 条", "too many: at most {limit}"),
    "dates_reversed": ("失效日期早于生效日期", "the end date lies before the start date"),
    "already_expired": ("失效日期已经过了", "the end date has passed"),
    "no_text": ("没有任何内容", "there are no words in it"),
    "no_question": ("缺少标准问题", "the question is missing"),
    "no_answer": (
        "缺少答案；没写好请把状态设为 draft",
        "the answer is missing; set the status to draft to write it later",
    ),
    "bad_date": (
        "日期“{value}”看不懂，请写成 2026-01-31",
        "cannot read the date “{value}”; write it as 2026-01-31",
    ),
    "bad_status": (
        "状态“{value}”不认识：只用 draft、published 或 retired",
        "unknown status “{value}”: use draft, published or retired",
    ),
    "bad_yes_no": ("“{value}”看不懂，请写 yes 或 no", "cannot read “{value}”; write yes or no"),
    "duplicate_row": (
        "编号和语言与 {first} 重复，这一行没有导入",
        "same id and language as {first}; this row was left out",
    ),
    "conflict": ("与 {first} 写的“{other}”不一致", "differs from “{other}” in {first}"),
    "formula": (
        "单元格是公式，请复制后选择性粘贴为数值",
        "the cell holds a formula; paste its value instead",
    ),
    "not_text": (
        "这里应当是文字；含冒号的句子请加引号",
        "this should be text; put quotes around a sentence with a colon",
    ),
    "unknown_column": ("不认识的列“{value}”，已忽略", "unknown column “{value}”, ignored"),
    "file_missing": ("找不到这个文件", "no such file"),
    "file_too_large": ("文件太大，最多 {limit} MB", "the file is too large: at most {limit} MB"),
    "too_many_rows": ("行数太多，最多 {limit} 行", "too many rows: at most {limit}"),
    "unknown_format": (
        "不认识的格式：请用 .csv、.xlsx、.jsonl 或 Markdown 文件夹",
        "unknown format: use .csv, .xlsx, .jsonl or a folder of Markdown",
    ),
    "unknown_encoding": (
        "文字编码看不懂：请存为 UTF-8 或 GB18030",
        "unknown encoding: save as UTF-8 or GB18030",
    ),
    "bad_csv": ("不是完好的 CSV：{detail}", "not a sound CSV: {detail}"),
    "bad_xlsx": ("不是完好的 XLSX 文件", "not a sound XLSX file"),
    "zip_bomb": ("解压后太大，可能不是普通表格", "it unpacks to too much to be an ordinary workbook"),
    "no_header": (
        "第一行要写列名，至少有 question（标准问题）一列",
        "the first row must name the columns, with at least “question”",
    ),
    "bad_json": ("不是完好的 JSON：{detail}", "not sound JSON: {detail}"),
    "not_object": ("这一行应当是一个 JSON 对象", "this line should be one JSON object"),
    "bad_yaml": ("开头的 YAML 看不懂：{detail}", "cannot read the YAML at the top: {detail}"),
    "no_front_matter": (
        "文件要以 --- 开头，先写 question 等字段",
        "the file must begin with ---, then question and the other fields",
    ),
    "no_files": ("文件夹里没有 .md 文件", "there is no .md file in the folder"),
}

_PLACES = {
    "file": ("{file}：{reason}", "{file}: {reason}"),
    "row": ("{file} 第 {row} 行：{reason}", "{file}, row {row}: {reason}"),
    "column": ("{file} 第 {row} 行“{column}”列：{reason}", "{file}, row {row}, column “{column}”: {reason}"),
}


def phrase(pair: tuple[str, str], locale: str, **fields: Any) -> str:
    """One of a (Chinese, English) pair, filled; Traditional is converted."""
    lang = language_of(locale)
    words = pair[1 if lang == EN else 0]
    words = to_traditional(words, locale) if lang == ZH_HANT else words
    return words.format_map({k: "" if v is None else v for k, v in fields.items()})


def sentence(code: str, locale: str, **fields: Any) -> str:
    """What a problem code means; an unknown code reads as itself."""
    return phrase(_SENTENCES[code], locale, **fields) if code in _SENTENCES else code


def place(file: str, row: int | None, column: str | None, reason: str, locale: str) -> str:
    """A problem with where it is."""
    kind = "file" if row is None else "column" if column else "row"
    return phrase(_PLACES[kind], locale, file=file, row=row, column=column, reason=reason)
