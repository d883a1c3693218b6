"""The sample country's files: each in the layout its real twin is published in."""
