"""The best tariffs: of one government, of all against each other (Nash), of all together (cooperative)."""
