"""The audit of a table: what every load is looked over for, and reported."""

from openward.observe.audit.finding import Audit, Finding, Severity
from openward.observe.audit.reference import Reference
from openward.observe.audit.run import audit

__all__ = ["Audit", "Finding", "Reference", "Severity", "audit"]
