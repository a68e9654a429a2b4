"""Every row of a study, by topic."""

from caselore.store.models.base import Kept, new_id
from caselore.store.models.coding import Adjudication, Coding, CodingEvidence, Note, Pass, SettledStep, Step
from caselore.store.models.log import Event, Head
from caselore.store.models.people import Assignment, Coder, Exposure, Place
from caselore.store.models.plans import DoubleCodingPlan, SavedSearch, SubSample
from caselore.store.models.register import Recommendation, RecommendationAttachment
from caselore.store.models.texts import Case, Document, Passage
from caselore.store.models.withdrawals import Withdrawal

KEPT: dict[str, type[Kept]] = {
    model.KIND: model
    for model in (
        Coder, Document, Case, Assignment, Pass, Coding, CodingEvidence, Step, Note, Adjudication, SettledStep,
        Recommendation, RecommendationAttachment, DoubleCodingPlan, SubSample, SavedSearch, Withdrawal,
    )
}  # fmt: skip
"""Kind in the log -> model, in an order in which rows can be made anew."""

__all__ = [
    "KEPT", "Adjudication", "Assignment", "Case", "Coder", "Coding", "CodingEvidence", "Document", "DoubleCodingPlan",
    "Event", "Exposure", "Head", "Kept", "Note", "Pass", "Passage", "Place", "Recommendation",
    "RecommendationAttachment", "SavedSearch", "SettledStep", "Step", "SubSample", "Withdrawal", "new_id",
]  # fmt: skip
