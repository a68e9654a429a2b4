"""REPORT: one report model, every number bound to its table cell, written for people."""
