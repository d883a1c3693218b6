"""Amounts over the months of a year, and between financial years that begin apart."""
