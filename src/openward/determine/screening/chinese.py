"""Names in Chinese characters: one script, no legal form, and how a person's name sounds."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from openward.determine.screening.fold import has_han, visible
from openward.determine.screening.legal import strip_chinese_legal
from openward.determine.screening.needs import needed

_NOISE = re.compile(r"[^\w]|_")
_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")


@cache
def _converter() -> Any:
    return needed("opencc").OpenCC("t2s")


@lru_cache(maxsize=65536)
def simplified(text: str) -> str:
    """Give a Chinese name in simplified characters without spaces and punctuation, in lower case."""
    converted: str = _converter().convert(_NOISE.sub("", visible(text)).casefold())
    return converted


@lru_cache(maxsize=65536)
def chinese_core(text: str) -> str:
    """Give what tells a Chinese name from others: simplified, legal form taken off."""
    return strip_chinese_legal(simplified(text))


@lru_cache(maxsize=65536)
def pinyin(text: str) -> tuple[str, ...]:
    """Give how a person's name sounds, surname first, without tones: ``("li", "xiaocui")``.

    Only names of two to four characters, all Chinese, are read so: longer ones are transliterations of
    foreign names or are no names of persons.
    """
    plain = simplified(text)
    if not 2 <= len(plain) <= 4 or not _HAN_RUN.fullmatch(plain):
        return ()
    read = needed("pypinyin")
    sounds = [one[0] for one in read.pinyin(plain, style=read.Style.NORMAL, heteronym=False, errors="ignore")]
    if len(sounds) != len(plain):
        return ()
    if len(plain) == 4:
        return "".join(sounds[:2]), "".join(sounds[2:])
    return sounds[0], "".join(sounds[1:])


@lru_cache(maxsize=65536)
def sounds(core: str) -> tuple[str, ...]:
    """Give the sound of every character of a Chinese core, without tones."""
    read = needed("pypinyin")
    return tuple(one[0] for one in read.pinyin(core, style=read.Style.NORMAL, heteronym=False))


__all__ = ["chinese_core", "has_han", "pinyin", "simplified", "sounds"]
