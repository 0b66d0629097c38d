"""Monitors over observed tables and the book: alerts that say why, and a back-test of how good they are."""
