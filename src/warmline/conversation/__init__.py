"""The heart: one append-only log per conversation, its owner, its participants and its live feed."""
