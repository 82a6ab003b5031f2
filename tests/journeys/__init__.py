"""Journeys through a real browser, on both sides of a conversation."""
