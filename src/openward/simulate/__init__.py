"""Models: a calibrated world, a change to it, what follows."""
