"""What a cell says: amounts, days, coordinates, each a value or a problem."""
