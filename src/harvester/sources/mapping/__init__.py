"""The mapping reader: any list, through a published template or a mapping of one's own."""
