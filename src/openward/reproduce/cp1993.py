"""The world of 1993 of Caliendo and Parro (2015): as `openward.simulate.cp1993`, which hindcasts use too."""

from openward.simulate.cp1993 import NAFTA, SOURCE, nafta_tariffs, read_baseline

__all__ = ["NAFTA", "SOURCE", "nafta_tariffs", "read_baseline"]
