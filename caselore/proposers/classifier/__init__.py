"""The proposer ``classifier``: learns from validated codings, stacked on the rules (extra `learn`)."""
