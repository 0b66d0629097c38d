"""The five parts of an impact report, as blocks."""

from openward.report.parts.build import economy_names, five_parts, headline_facts
from openward.report.parts.law import law_part

__all__ = ["economy_names", "five_parts", "headline_facts", "law_part"]
