"""Places in doubt: what is wrong, what may have been meant, and what people decided."""
