"""Forums as the web reads them: where matters stand, agendas for a reader, decisions, who is told."""
