"""AGREE: how far coders, and coders and proposals, say the same."""
