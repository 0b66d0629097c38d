"""Cases: procedures whose clocks are right, and a record nobody can quietly change."""
