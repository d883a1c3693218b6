"""Areas in any format and projection, as valid polygons in degrees."""
