"""Predict past episodes from what was known before them, seal the prediction, then compare with what came."""
