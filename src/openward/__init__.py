"""openward: the law as data. Read it, measure it, simulate it, guard it."""

__version__ = "0.1.0"
