"""Flows: what the assistant does step by step, as data. `schema` is the file format, `engine` walks it, pure."""
