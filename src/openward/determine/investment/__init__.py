"""Foreign investment: what the negative lists close, cap or condition, on any day and in any zone."""

from openward.determine.investment.answer import decide

__all__ = ["decide"]
