"""Table files of every kind opened one way: what they are, how large, their rows and headings."""
