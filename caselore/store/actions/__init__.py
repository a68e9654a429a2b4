"""Every write to a study, by topic; each is one event of the log in the same transaction."""
