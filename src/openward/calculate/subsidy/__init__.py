"""Subsidy: benefit by programme, allocation over the life of assets, rate of value."""
