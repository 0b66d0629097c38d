"""Value added in trade: inverses, decompositions of gross exports, chains and footprints."""
