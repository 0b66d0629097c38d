"""Is a reform itself lawful: bound rates, most-favored-nation treatment, agreements, organs, claims."""

from openward.determine.legality.check import check
from openward.determine.legality.finding import LegalFinding, Severity

__all__ = ["LegalFinding", "Severity", "check"]
