"""SCALE: one step over many items, on one process or many, resumable after a stop."""
