"""Whether the extra ``learn`` is installed."""

from __future__ import annotations

import importlib.util

from caselore.errors import ClassifierError


def needs_learning() -> None:
    """Raise ClassifierError where scikit-learn is missing: the core works without it."""
    if importlib.util.find_spec("sklearn") is None:
        raise ClassifierError("The classifier needs scikit-learn; install it with pip install 'caselore[learn]'.")
