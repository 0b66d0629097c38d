"""Screening of names against lists of parties: fold, look up, gate, score, explain, remember."""
