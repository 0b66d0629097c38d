"""The vocabulary: economies, dated groups, products, industries, units, currencies, correlations."""
