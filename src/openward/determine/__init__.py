"""A question about one transaction -> a decision with its trace; one row or a whole table."""
