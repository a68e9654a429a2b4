"""TABULATE: published tables, declared once and computed from a release."""
