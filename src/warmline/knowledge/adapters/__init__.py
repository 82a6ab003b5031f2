"""Vendor parts behind this package's ports."""
