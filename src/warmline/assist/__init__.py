"""Beside the agent: reads along and suggests, never speaks by itself."""
