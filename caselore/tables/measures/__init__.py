"""Measures of the national analysis that are no plain cross-table: worked out of tables that are already protected."""
