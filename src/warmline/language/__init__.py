"""Words before meaning: normalising, languages, tokens, markers and embeddings."""
