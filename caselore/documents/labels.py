"""In: a heading or the start of a line. Out: which kind of section it opens, from tables of the field's own words.

The tables cover the headings of English and Welsh reviews (SCR, CSPR, DHR, SAR, CPR), SCIE Learning Together,
SILP, coroners' reports and the labels of repository summaries. To teach a new heading, add a line.
"""

from __future__ import annotations

import re
from functools import lru_cache

LABELS: dict[str, str] = {
    "contents": "contents; table of contents; list of contents; contents page; index; list of tables; "
    "list of figures; tables and figures; figures and tables; cynnwys",
    "front": "acknowledgements; acknowledgement; authors; author; disclaimer; foreword; preface; tribute; "
    "about the author; about the reviewer; version control; document control; publication date; date; area; "
    "receiver; receivers; addressee; this report is being sent to; coroner; coroner's legal powers; "
    "your response; copies and publication; copies; date and signature; confidentiality; restriction; "
    "independence statement; statement of independence; dissemination; copyright; published by; last updated",
    "incident": "circumstances; circumstances of the death; circumstances of death; the circumstances; "
    "circumstances leading to the review; circumstances leading to the death; circumstances of the incident; "
    "the incident; incident; incidents; critical incident; significant incident; index incident; what happened; "
    "summary of the case; case summary; the case; summary of case; brief summary; reason for the review; "
    "reasons for the review; reason for review; why this review was undertaken; the critical event; "
    "why this case was chosen to be reviewed; succinct summary of case; succinct summary of the case; "
    "circumstances that led to this review; circumstances resulting in the review; introduction to the case; "
    "investigation and inquest; investigation; inquest; the death; the events; trigger incident; the injury; "
    "precis; synopsis; summary of incident; summary of the incident; brief outline of circumstances resulting "
    "in the review; circumstances resulting in the child practice review; events leading to the review; "
    "introduction and circumstances; cause of death; conclusion of the coroner; conclusion of the inquest; "
    "details of the incident; the harm; summary of the facts; the facts",
    "background": "background; background information; family background; background to the case; "
    "background and context; family composition; family history; family structure; genogram; the family; "
    "family details; household; household composition; about the child; about the family; pen picture; "
    "pen portrait; who was; who is; the child; the children; the subjects; the parties; equality and diversity; "
    "ethnicity and diversity; chronology; summary chronology; integrated chronology; combined chronology; "
    "timeline; timeline of events; timeline of significant events; key events; significant events; "
    "sequence of events; key practice episodes; narrative; narrative chronology; case history; history; "
    "summary of agency involvement; agency involvement; agencies involved; agency contact; "
    "involvement of agencies; professional involvement; involvement of services; relevant history; "
    "prior to the period under review; events prior; parental history; mother's history; context; "
    "local context; contextual information; the story; the child's story; the lived experience; "
    "services involved; facts; overview; case overview; family engagement; family views; views of the family; "
    "family perspective; views of family members; the family's perspective; family involvement; "
    "contribution of the family; involvement of the family; introduction; case background; history of the case; "
    "the story of the case; circumstances before the incident; family and social background",
    "analysis": "analysis; key issues; issues; key issue; issues identified; issues arising; findings; "
    "key findings; finding; the findings; findings of fact; overall findings; main findings; "
    "analysis of practice; practice analysis; analysis of agency involvement; practice appraisal; "
    "appraisal of practice; appraisal of professional practice; appraisal; professional practice; "
    "key lines of enquiry; key lines of inquiry; lines of enquiry; key practice issues; practice issues; "
    "practice themes; themes; key themes; thematic analysis; emerging themes; critical analysis; discussion; "
    "evaluation; conclusion; conclusions; conclusions and learning; good practice; effective practice; "
    "areas of good practice; examples of good practice; missed opportunities; contributory factors; "
    "systems findings; coroner's concerns; coroners concerns; coroner concerns; concerns; "
    "matters of concern; the matters of concern are as follows; the matters of concern; matters for concern; "
    "addressing the terms of reference; answers to the key questions; addressing the key lines of enquiry; "
    "overall analysis; analysis and findings; findings and analysis; summary of findings; "
    "strengths and weaknesses; areas for development; what went well; barriers; practice and organisational "
    "learning context; agency analysis; was the death preventable; predictability and preventability; "
    "predictable and preventable; preventability",
    "learning": "learning; learning points; learning point; key learning points; key learning point; "
    "key learning; lessons; lessons learned; lessons learnt; lessons to be learned; lessons to be learnt; "
    "lessons identified; learning identified; learning themes; key learning themes; main learning; "
    "summary of learning; learning from the review; learning for practice; learning for the future; "
    "learning for the partnership; implications for practice; practice implications; key messages; "
    "key message; practice points; practice learning; learning from this case; what can be learnt; "
    "what can be learned; what can we learn; what have we learned; organisational learning; wider learning; "
    "multi-agency learning; single agency learning; practice and organisational learning; key practice learning; "
    "learning and improvement; messages for practice; lessons for practice; lessons from the review; "
    "early learning; emerging learning; areas for learning; areas of learning; reflection points; "
    "things to think about; questions for practice; learning opportunities; key points; so what; "
    "themes and learning; learning outcomes; dysgu",
    "recommendations": "recommendations; recommendation; key recommendations; the recommendations; "
    "recommendations for action; recommendations for the board; recommendations to the board; "
    "overview recommendations; overview report recommendations; multi-agency recommendations; "
    "single agency recommendations; single-agency recommendations; individual agency recommendations; "
    "agency recommendations; national recommendations; local recommendations; action plan; action plans; "
    "actions; action; action should be taken; actions should be taken; action required; agreed actions; "
    "recommended actions; considerations for the board; considerations for the partnership; considerations; "
    "questions for the board; questions for the partnership; questions for the safeguarding board; "
    "issues for the board to consider; issues for consideration; challenges to the board; "
    "challenges for the partnership; improving systems and practice; statement of action; next steps; "
    "matters for the board; suggested actions; what needs to change; what needs to happen; argymhellion; "
    "conclusions and recommendations; conclusion and recommendations; learning and recommendations; "
    "lessons and recommendations; findings and recommendations; recommendations and conclusion; "
    "recommendations and next steps; proposed recommendations; summary of recommendations; areas for action",
    "keywords": "keywords; keyword; key words; key word; key terms; tags; topics; subjects; index terms; "
    "descriptors; subject headings; search terms",
    "model": "model; models; methodology; method; methods; the methodology; methodology used; review model; "
    "review methodology; review process; the review process; process; process of the review; scope; "
    "scope of the review; terms of reference; scope and terms of reference; terms of reference and scope; "
    "terms of reference and methodology; timescales; time period; time period under review; "
    "period under review; timeframe; parallel processes; parallel proceedings; parallel reviews; review panel; "
    "the panel; panel membership; review team; membership of the panel; contributors; contributors to the "
    "review; individual management reviews; how the review was conducted; how the review was undertaken; "
    "conduct of the review; about this review; about the review; purpose of the review; "
    "aims of the review; approach; the approach; our approach; review approach; statutory framework; "
    "framework; limitations; key questions; specific questions; research questions; author of the overview report",
    "appendix": "appendix; appendices; annex; annexes; annexe; glossary; glossary of terms; abbreviations; acronyms; "
    "list of abbreviations; list of acronyms; key to abbreviations; glossary and abbreviations; atodiad",
    "references": "references; bibliography; reference list; sources; endnotes; footnotes; notes; further reading; "
    "related resources",
    "body": "executive summary; summary; overview report; overview of the report; final report; "
    "executive summary and recommendations; conclusion of the report; part one; part two; part three",
}
"""Kind of section -> the headings that open it, without numbers, in any case and with any quotes."""

CONTAINS: tuple[tuple[str, str], ...] = (
    (r"^(list|table) of (contents|figures|tables)\b|^contents\b", "contents"),
    (r"^(appendix|appendices|annexe?|annex|atodiad)\b|\bglossary\b|\babbreviations\b", "appendix"),
    (r"^(references|bibliography)\b", "references"),
    (r"\brecommendations?\b|\baction plans?\b|^actions? (to|for|required|plan)\b", "recommendations"),
    (r"\bterms of reference\b|\bmethodolog|\breview process\b|\bscope of\b|\bparallel (process|proceed)", "model"),
    (r"\b(learning|lessons?)\b(?! (disab|difficult|need|support|mentor))", "learning"),
    (r"\bcircumstances (of|leading|surrounding|that led)\b|\bwhat happened\b|\bcase summary\b", "incident"),
    (r"\bsummary of (the )?(case|incident|events|circumstances)\b|\breasons? for (the|this) review\b", "incident"),
    (r"\b(analysis|findings?|appraisal|key (issues?|themes?)|lines of (enquiry|inquiry))\b", "analysis"),
    (r"\bgood practice\b|\bmissed opportunit|\bmatters of concern\b|^conclusions?\b", "analysis"),
    (r"\b(chronology|timeline|genogram|family (composition|background|history)|background)\b", "background"),
    (r"\bkey (practice episodes?|events)\b|\bagency (involvement|contact)\b|\bhistory\b", "background"),
    (r"^(acknowledge?ments?|foreword|preface|disclaimer|about the authors?)\b", "front"),
    (r"^key ?words\b", "keywords"),
)
"""Patterns for headings that the table does not hold word for word; the first that is found decides."""

INLINE_MORE = r"^(key )?(learning|recommendations?|findings?|lessons?|themes?|issues?|keywords?|background|model)\b"
"""What a label at the start of a line may begin with when the table does not hold it word for word."""

TAIL = (
    r"( (to|for|from) (the|this) [a-z ]{2,40}?)?( (that )?(were|are|is))?( (made|identified|include[sd]?|"
    r"including|arising|as follows|the following|below|summary))*$"
)
"""What may follow a label without changing it: "Recommendations to the partnership include"."""

NUMBERING = (
    r"^(?:(?:section|chapter|part)\s+(?:\d{1,2}|[ivxlc]+|[a-z]|one|two|three|four|five|six|seven|eight|nine|ten)\b"
    r"|\(?\d{1,2}(?:\.\d{1,2}){0,3}[.):]?(?=\s)|[a-z][.)](?=\s)|[ivx]{1,4}[.)](?=\s))\s*[:.\-–—]*\s*"
)

LONGEST_STRAY = 260
STRAY = (
    r"^(?:last updated\b.*|updated:? .{0,40}|case reviews published (in|between|during)\b.*|"
    r"(>|»|›|→)?\s*(read|download|view|see|access|open)( more about)? "
    r"(the |this |full |overview |executive |summary )+.*|"
    r"(>|»|›|→)\s*(read|download|view|see|access|open)\b.*|"
    r"(back to )?top of page|back to top|return to top|share this( page)?|print this page|skip to .{0,40}|"
    r"page \d+( of \d+)?|\d{1,3} of \d{1,3}|a chronological list of .*|"
    r"to find other (case )?reviews.*|(this|the) (page|list) (is|was) (last )?(updated|published).*|"
    r"(see|find) (also|more|all|other) .{0,60}(reviews?|repository|library|reports?)\.?|"
    r"(more|previous|next|older|newer) (case )?reviews?|(19|20)\d\d)$"
)
"""Lines that belong to the page and not to a case: links, dates of the page, running headings."""

_QUOTES = str.maketrans("’‘“”–—‑‐ ", "''\"\"---- ")


def fold(text: str) -> str:
    """Lower case, straight quotes and dashes, single spaces, no end punctuation or Markdown marks."""
    return " ".join(text.translate(_QUOTES).lower().split()).strip(" *_#:.-=\t")


_EXACT = {phrase.strip(): kind for kind, phrases in LABELS.items() for phrase in phrases.split(";")}
_CONTAINS = tuple((re.compile(pattern), kind) for pattern, kind in CONTAINS)
_TAIL = re.compile(TAIL)
_MORE = re.compile(INLINE_MORE)
_NUMBERING = re.compile(NUMBERING)
_STRAY = re.compile(r"\s*" + STRAY[1:].replace(" ", r"\s+"), re.IGNORECASE)
_NUMBERED_LABEL = re.compile(r"(recommendation|finding|learning point|learning|lesson|concern|action|theme)s? ?\w{1,4}")
_STATES = re.compile(
    r"^(?!what|how|why|who|where|when|was|were|did)"
    r".*\b(i|we|was|were|is|are|has|have|had|may|might|should|would|will|can|could|did|does|made)\b"
)
"""What makes a line a statement and no heading, whatever words it holds; a question may be one."""
_LABEL = re.compile(r"[ \t>*_#\-•]*([A-Za-z][^:\n]{2,78}?)[ \t]*:[*_]*(?=\s|$)")


def without_number(folded: str) -> str:
    """A folded heading without "3.2", "Section 4:", "b)"."""
    return _NUMBERING.sub("", folded, count=1)


@lru_cache(maxsize=4096)
def heading_kind(heading: str) -> str | None:
    """The kind of section that a heading opens, or None where no table knows it."""
    folded = fold(heading)
    bare = without_number(folded) or folded
    exact = _EXACT.get(bare) or _EXACT.get(_TAIL.sub("", bare)) or _EXACT.get(bare.removeprefix("the "))
    if exact or len(bare) > 120:
        return exact
    if _STATES.search(bare):
        return None
    return next((kind for pattern, kind in _CONTAINS if pattern.search(bare)), None)


def inline_label(line: str) -> tuple[str, int] | None:
    """For "Learning: the importance of ..." the kind and the length of the label with its colon, else None."""
    match = _LABEL.match(line)
    if match is None:
        return None
    kind = _label_kind(match[1])
    return (kind, match.end()) if kind else None


@lru_cache(maxsize=4096)
def _label_kind(words: str) -> str | None:
    folded = fold(words)
    bare = without_number(folded) or folded
    short = _TAIL.sub("", bare)
    exact = _EXACT.get(bare) or _EXACT.get(short)
    if exact:
        return exact
    numbered = _NUMBERED_LABEL.fullmatch(bare)
    if numbered:
        return _EXACT.get(numbered[1]) or _EXACT.get(numbered[1] + "s")
    return heading_kind(words) if _MORE.match(bare) and len(bare.split()) <= 7 else None


def is_stray(line: str) -> bool:
    """Whether a line belongs to the page rather than to what it tells: a link, a date of update, a page number."""
    return len(line) < LONGEST_STRAY and _STRAY.match(line) is not None
