"""Vendors of embeddings."""
