"""The store: every document, coding and decision of a study, and the log that proves how they came to be."""
