"""The sample country: real names and places, invented projects, planted misalignments."""
