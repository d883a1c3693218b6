"""Negotiated texts read: where each stands, whose word it waits for, what is signed. Nothing writes."""
