"""How closed an economy is, scored from the book of measures, so that a reform moves it."""
