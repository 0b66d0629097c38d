"""The sentence that answers first."""

from __future__ import annotations

from openward.impact.result import EconomyRow, LawPart, OpeningPart


def headline(law: LawPart, opening: OpeningPart) -> str:
    """Say in one or two sentences what the reform does: to its parties first, else to whom it moves most."""
    if not law.rate_changes and not law.stopped:
        cancel = any(edit.effective for edit in law.edits)
        why = "its edits cancel each other" if cancel else "no edit of this reform moves an applied rate"
        return f"Nothing changes on {law.on.isoformat()}: {why}."
    rows = sorted(opening.economies, key=lambda row: -row.real_income_pct)
    gains = _first(rows, sign=1.0, most=3)
    losses = _first(rows[::-1], sign=-1.0, most=2)
    trade = f"on {law.touched_trade_musd / 1000:,.1f} billion US dollars of trade a year"
    what = "imports are prohibited and rates change" if law.rate_changes else "imports are prohibited"
    cause = f"as {what if law.stopped else 'applied rates change'} {trade}"
    if gains and losses:
        return f"Real income rises in {gains} and falls in {losses}, {cause}."
    return f"Real income {'rises' if gains else 'falls'} in {gains or losses}, {cause}."


def _first(rows: list[EconomyRow], *, sign: float, most: int) -> str:
    moved = [row for row in rows if sign * row.real_income_pct > 0]
    chosen = [row for row in moved if row.party][:most] or moved[:1]
    return ", ".join(f"{row.name} ({_signed(row.real_income_pct)} %)" for row in chosen)


def _signed(percent: float) -> str:
    """Print two significant digits with a real minus sign."""
    digits = f"{percent:+.2g}"
    text = f"{percent:+.6f}".rstrip("0") if "e" in digits else digits
    return text.replace("-", "\N{MINUS SIGN}")
