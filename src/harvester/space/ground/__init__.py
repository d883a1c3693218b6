"""Where entries stand on the ground: points, lines and areas among the layers of a harvest."""
