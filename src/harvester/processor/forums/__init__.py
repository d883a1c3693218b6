"""Forums: what is put to them and in which order, what they decide, and where a matter goes next."""
