"""Legal forms at either end of a name, in Latin letters and in Chinese."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

_CHINESE = tuple(
    "股份有限责任公司 有限责任公司 股份有限公司 集团有限公司 集团股份公司 有限合伙企业 特殊普通合伙 有限公司 "  # noqa: SIM905
    "股份公司 总公司 分公司 子公司 责任公司 株式会社 有限会社 合同会社 普通合伙 有限合伙 公司 会社".split()
)


@cache
def legal_forms() -> dict[tuple[str, ...], str]:
    """Give the legal forms, as words of a folded name, with the form each is one of."""
    text = (files("openward") / "determine/screening/legal_forms.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {tuple(row["form"].split()): row["canonical"] for row in rows}


@cache
def _longest() -> int:
    return max(len(form) for form in legal_forms())


def split_legal(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part a folded name into its core and its legal forms; a name that is all legal form keeps its words."""
    forms = legal_forms()
    core, found = words, []
    changed = True
    while changed and len(core) > 1:
        changed = False
        for size in range(min(_longest(), len(core) - 1), 0, -1):
            if core[-size:] in forms:
                found.append(forms[core[-size:]])
                core, changed = core[:-size], True
                break
            if core[:size] in forms and (size > 1 or len(core[0]) > 1):
                found.append(forms[core[:size]])
                core, changed = core[size:], True
                break
    return core, tuple(sorted(found))


def strip_chinese_legal(text: str) -> str:
    """Take legal forms off the end of a Chinese name (simplified characters); never the whole name."""
    for form in _CHINESE:
        if text.endswith(form) and len(text) - len(form) >= 2:
            return text[: -len(form)]
    return text
