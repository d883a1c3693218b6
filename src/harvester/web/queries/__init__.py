"""Questions asked of the harvest, one file a subject; SQL only here and in harvest_store."""
