"""Caselore turns published case reviews into validated, de-identified, analysable evidence."""

__version__ = "0.1.0"
