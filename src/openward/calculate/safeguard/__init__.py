"""Safeguard: increase of imports, representative level, quota by origin, liberalization."""
