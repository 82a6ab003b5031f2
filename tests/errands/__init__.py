"""Journeys in which something is done in the bank's systems: the demo with its flows, and a real core banking."""
