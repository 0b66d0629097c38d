"""Export control and parties: what is caught, who is listed, which licence, and what must be confirmed."""
