"""Errors that a user can act on. The message is one sentence: the file, the place, the mend.

CaseloreError
├── DocumentError        a file that cannot be read
│   ├── EncryptedDocument
│   ├── EmptyDocument
│   └── UnknownFormat
├── CodebookError        a codebook that breaks a rule
│   └── CredibilityRated
├── EvidenceError        a quotation that does not verify
├── LayerError           a coded layer that does not validate
├── ReleaseRefused       a release that a check holds back
├── TableError           a table declared on what is not there
├── EvaluationError      proposals and gold that cannot be compared
├── ClassifierError      a classifier that cannot be trained or used
├── StudyError           a study's folder or database that cannot be opened
├── StoreError           an act that the store refuses
│   ├── NotAllowed       the actor may not do or see this
│   ├── StaleView        somebody, or another tab, decided this since it was shown
│   └── ChainBroken      the log of events, or the state that it tells, does not verify
└── ModelError           a language model that cannot be asked
    └── ConsentMissing
"""

from __future__ import annotations


class CaseloreError(Exception):
    """Something a user can mend; the command line prints the message and no traceback."""


class DocumentError(CaseloreError):
    """A file cannot be read."""


class EncryptedDocument(DocumentError):
    """A file asks for a password."""


class EmptyDocument(DocumentError):
    """A file holds nothing to read."""


class UnknownFormat(DocumentError):
    """No reader takes this kind of file."""


class CodebookError(CaseloreError):
    """A codebook breaks a rule; the message names book, field and code."""


class CredibilityRated(CodebookError):
    """A codebook tries to rate whether a child, victim or complainant is believable."""


class EvidenceError(CaseloreError):
    """A quotation does not stand where it is said to stand."""


class LayerError(CaseloreError):
    """A coded layer does not validate."""


class ReleaseRefused(CaseloreError):
    """A check holds a release back."""


class TableError(CaseloreError):
    """A table is declared on a field or a column that the release does not have."""


class EvaluationError(CaseloreError):
    """Proposals and gold codings cannot be compared."""


class ModelError(CaseloreError):
    """A language model cannot be asked as it was named."""


class ConsentMissing(ModelError):
    """Nobody has agreed to send text to an endpoint."""


class ClassifierError(CaseloreError):
    """A classifier cannot be trained from these codings, or its file cannot be used here."""


class StudyError(CaseloreError):
    """A study's folder or its database cannot be opened."""


class StoreError(CaseloreError):
    """The store refuses an act: it would break a rule of coding."""


class NotAllowed(StoreError):
    """The actor may not do or see this."""


class StaleView(StoreError):
    """What the act is about was decided since the actor saw it: by another tab or another person."""


class ChainBroken(StoreError):
    """The log of events, or the state that it tells, does not verify."""
