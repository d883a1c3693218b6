"""Compacts on the web: contents of a protocol, what they lack, and how its commitments stand."""
