"""The ledger of claims: published figures computed again, each with its verdict, basis and source."""
