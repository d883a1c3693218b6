"""Compacts: protocols and their contents, commitments, when they can enter the law, and what became of them."""
