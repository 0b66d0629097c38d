"""The sentence that answers first."""

from __future__ import annotations

from openward.impact.result import LawPart, OpeningPart


def headline(law: LawPart, opening: OpeningPart) -> str:
    """Say in one or two sentences what the reform does."""
    effective = [edit for edit in law.edits if edit.effective]
    if not effective:
        return "Nothing changes: no edit of this reform moves an applied rate."
    rows = sorted(opening.economies, key=lambda row: -row.real_income_pct)
    gainers = [row for row in rows if row.party and row.real_income_pct > 0][:3]
    losers = [row for row in reversed(rows) if row.real_income_pct < 0]
    losers = [row for row in losers if row.party][:2] or losers[:1]
    parts = [
        f"{len(effective)} of {len(law.edits)} edits change applied rates, on "
        f"{law.touched_trade_musd / 1000:,.1f} billion US dollars of trade a year."
    ]
    if gainers:
        parts.append(
            "Real income rises most in "
            + ", ".join(f"{row.name} ({row.real_income_pct:+.2f} %)" for row in gainers)
            + "."
        )
    if losers:
        said = ", ".join(f"{row.name} ({row.real_income_pct:+.3f} %)" for row in losers)
        parts.append(f"{'It' if gainers else 'Real income'} falls in {said}.")
    return " ".join(parts)
