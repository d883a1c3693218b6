"""What the words of a project say: names into fields, misspellings settled."""
