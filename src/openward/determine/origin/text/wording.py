"""Cleaning a published rule: links, emphasis and notes out; words, list marks and numbers kept."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

BULLET = " • "
_NOTES = (
    r"\(?(?:for (?:the )?special conditions? [^.]*?)?,? ?see (?:also )?(?:introductory )?"
    r"(?:notes?|appendix|annex) [^.;)]*(?:\.\d+[^.;)]*)*[.)]*",
    r"for special conditions relating to [^.]*?(?:\.\d[^.]*)*\.",
    r"(?-i:For) [^.%•]{5,220}?,? ?see (?:also )?(?:introductory )?notes? [\d.]+(?:(?:,| and) [\d.]+)*\.?",
    r"note: where more than one product-specific rule[^.]*\.",
    r"\((?:see|footnote)[^)]*\)\.?",
)
_NOTE = re.compile("|".join(f"(?:{pattern})" for pattern in _NOTES), re.IGNORECASE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def clean(text: str) -> str:
    """Give the words of a rule on one line, list items set off by a bullet."""
    plain = _LINK.sub(r"\1", text.replace("&nbsp;", " ").replace("\u00a0", " "))
    plain = re.sub(r"<abbr[^>]*>([^<]*)</abbr>", r"\1", plain)
    plain = re.sub(r"<[^>]+>", " ", plain)
    plain = re.sub(r"(^|\n)\s*-\s+", rf"\1{BULLET}", plain)
    if BULLET not in plain and re.match(r"\s*[^\n]{3,60}:\s*\n", plain):
        plain = re.sub(r"\n\s*\n\s*", BULLET, plain)
    plain = plain.replace("*", "").replace("\u2010", "-").replace("\u2011", "-").replace("\u2019", "'")
    plain = re.sub(r"\s+", " ", plain)
    plain = re.sub(r"\bnon- +originating", "non-originating", plain).replace("\u2013", "-")
    plain = re.sub(r"\bof the value of the ex-works price", "of the ex-works price", plain)
    plain = re.sub(r"(:|exceed) • (?=\d+(?:\.\d+)? ?%)", r"\1 ", plain)
    plain = re.sub(r"\bex[- ]+works?\b", "ex-works", plain, flags=re.IGNORECASE)
    plain = re.sub(r"(\d)\s*(?:%|per ?cent\b)", r"\1%", plain)
    plain = re.sub(r"\b(exceed): (?=\d)", r"\1 ", plain)
    plain = re.sub(r"\b(sub)[- ](heading)", r"\1\2", plain, flags=re.IGNORECASE)
    return plain.strip()


def without_notes(text: str) -> tuple[str, tuple[str, ...]]:
    """Split references to notes off a cleaned rule."""
    notes = tuple(found.group(0).strip(" .()") for found in _NOTE.finditer(text))
    rest = re.sub(r"\s+", " ", _NOTE.sub(" ", text)).strip()
    return re.sub(r"(?<=[a-z)])\d(?=\.?$)", "", rest), notes


_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([A-Z][a-z]{2})[a-z]* (20\d\d)")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def in_force(text: str) -> str:
    """Give "1st Jan 2021 to 31st Dec 2022" as the interval that :meth:`Good.fact` answers by its day."""
    days = [date(int(y), _MONTHS.index(m) + 1, int(d)) for d, m, y in _DAY.findall(text)]
    ends_only = text.lower().startswith("until")
    start = "..." if ends_only else days[0].isoformat()
    last = days[-1] if ends_only or len(days) > 1 else None
    return f"in force [{start}, {'...' if last is None else (last + timedelta(days=1)).isoformat()})"


def fraction(text: str) -> Decimal:
    """Give ``"40%"`` or ``"40"`` as a fraction."""
    return Decimal(text.rstrip("%").replace(",", ".")) / 100
