"""Matters read: where each stands, who may do what in it, what waits for whom. Nothing here writes."""
