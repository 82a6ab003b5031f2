"""Whom the bank serves: profile, identity, and the key under which a customer's words are sealed."""
