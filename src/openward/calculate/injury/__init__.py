"""Injury: the factors of art 3.4, prices, causation, cumulation."""
