"""Non-preferential origin in the United States: 19 CFR part 102 (marking under USMCA; textiles)."""
