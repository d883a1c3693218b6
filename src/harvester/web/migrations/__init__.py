"""Steps that bring the database of people and uploads up to date."""
