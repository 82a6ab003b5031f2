"""Chunhe Bank's core-banking service: what a bank has behind its assistant, in memory and with a fault switch."""
