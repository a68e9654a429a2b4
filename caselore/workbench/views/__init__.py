"""One file of views a topic."""
