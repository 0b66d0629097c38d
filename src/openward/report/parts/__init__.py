"""The five parts of an impact report, as blocks."""

from openward.report.parts.build import five_parts, headline_facts

__all__ = ["five_parts", "headline_facts"]
