"""Origin: rules as trees, a bill of materials against them, and what would change the answer."""
