"""Places in words and in layers of another day: what they mean among the layers of a harvest."""
