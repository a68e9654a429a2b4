"""PROPOSE: declared coders that read a case and propose codes, each with the words that justify it."""
