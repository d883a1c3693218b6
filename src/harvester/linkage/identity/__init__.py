"""Ids of undertakings that outlive files, and what became of ids that no longer stand."""
