"""Search for a package of cuts that leaves no party worse off."""
