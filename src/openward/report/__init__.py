"""Results as people meet them: page, terminal, Markdown, CSV, JSON, PNG. Nothing is computed here."""
