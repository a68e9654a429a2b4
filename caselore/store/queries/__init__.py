"""Every read of a study; a viewer comes in, and what he may not see does not go out."""

from caselore.store.queries.casepage import case_view, coder_of, own_pass, passages_of, recommendations_of, steps_of
from caselore.store.queries.counting import decided
from caselore.store.queries.differences import (
    Disagreement,
    PassView,
    Settling,
    differing,
    side_by_side,
    to_adjudicate,
)
from caselore.store.queries.fields import CodingSeen, codings_of, field_views, views_of
from caselore.store.queries.queue import Pace, Progress, next_case, pace, progress, queue
from caselore.store.queries.register import EventView, events, made_before, overdue, register
from caselore.store.queries.releasing import all_cases, persons, proposal_of, release_cases
from caselore.store.queries.views import AdjudicationView, CaseView, CodingView, FieldView, PassageView, Queue, QueueRow

__all__ = [
    "AdjudicationView",
    "CaseView",
    "CodingSeen",
    "CodingView",
    "Disagreement",
    "EventView",
    "FieldView",
    "Pace",
    "PassView",
    "PassageView",
    "Progress",
    "Queue",
    "QueueRow",
    "Settling",
    "all_cases",
    "case_view",
    "coder_of",
    "codings_of",
    "decided",
    "differing",
    "events",
    "field_views",
    "made_before",
    "next_case",
    "overdue",
    "own_pass",
    "pace",
    "passages_of",
    "persons",
    "progress",
    "proposal_of",
    "queue",
    "recommendations_of",
    "register",
    "release_cases",
    "side_by_side",
    "steps_of",
    "to_adjudicate",
    "views_of",
]
