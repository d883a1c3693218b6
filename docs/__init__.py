"""Documents of the project; ``generate`` makes the reference pages from the code."""
