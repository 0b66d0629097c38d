"""What is paid in all: customs value, duty, taxes, the landed total, and by when."""
