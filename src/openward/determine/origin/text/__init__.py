"""Reading the sentences in which agreements write their rules."""
