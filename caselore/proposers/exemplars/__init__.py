"""The proposer ``examples``: learns codes from the fictional example sentences of the codebook, beside the rules."""

from caselore.proposers.exemplars.proposing import Examples

__all__ = ["Examples"]
