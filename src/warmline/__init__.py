"""Warmline: people and AI as one team, at 37°."""
