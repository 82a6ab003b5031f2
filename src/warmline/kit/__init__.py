"""Shared ground: clock, ids, errors, unit of work, bus, log relay, crypto, calendar, audit, words."""
