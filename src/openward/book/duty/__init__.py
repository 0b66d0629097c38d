"""Duties as expressions: read from their sentence, printed back to it, evaluated.

:func:`parse` reads four dialects: ``openward`` (the canonical sentence that ``str(duty)`` prints), ``us-hts``
(rate columns of the United States tariff), ``taric`` and ``uk`` (European and British duty sentences).
What is not understood is an error with its place, never a duty of zero.
"""

from __future__ import annotations

from openward.book.duty.apart import Rates, ad_valorem_equivalent, kind_of, rates
from openward.book.duty.basis import Basis, Evaluated, Line, Missing
from openward.book.duty.components import Component, component_sets, from_components, to_components
from openward.book.duty.conditions import ConditionLine, entry_price, from_conditions, parse_conditions
from openward.book.duty.covering import CoverageReport, Rejected, coverage
from openward.book.duty.evaluating import evaluate
from openward.book.duty.meursing import meursing_codes
from openward.book.duty.mistakes import DutyCodeError, DutySentenceError, Mistake
from openward.book.duty.parsing import DIALECTS, parse
from openward.book.duty.selectors import (
    Count,
    Percent,
    PriceFrom,
    Programmes,
    Season,
    Until,
    When,
)
from openward.book.duty.taric import from_columns, read_components
from openward.book.duty.tree import (
    AdValorem,
    Case,
    Ceiling,
    Choice,
    Compound,
    Duty,
    Flat,
    Floor,
    Meursing,
    Minus,
    Nil,
    Reference,
    Specific,
    Supplementary,
)

__all__ = [
    "DIALECTS",
    "AdValorem",
    "Basis",
    "Case",
    "Ceiling",
    "Choice",
    "Component",
    "Compound",
    "ConditionLine",
    "Count",
    "CoverageReport",
    "Duty",
    "DutyCodeError",
    "DutySentenceError",
    "Evaluated",
    "Flat",
    "Floor",
    "Line",
    "Meursing",
    "Minus",
    "Missing",
    "Mistake",
    "Nil",
    "Percent",
    "PriceFrom",
    "Programmes",
    "Rates",
    "Reference",
    "Rejected",
    "Season",
    "Specific",
    "Supplementary",
    "Until",
    "When",
    "ad_valorem_equivalent",
    "component_sets",
    "coverage",
    "entry_price",
    "evaluate",
    "from_columns",
    "from_components",
    "from_conditions",
    "kind_of",
    "meursing_codes",
    "parse",
    "parse_conditions",
    "rates",
    "read_components",
    "to_components",
]
