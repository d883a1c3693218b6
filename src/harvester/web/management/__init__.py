"""Management commands, for operators."""
