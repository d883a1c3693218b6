"""Indicators: declared once, calculated on any slice, each with its band."""
