"""The rules of the quarter, as verbs. Each takes `by=`, is one transaction, and refuses in words.

Admin, views and commands only call these and report what they say.
"""

from registers.cycle.answering import answer_flag, take_answer_back
from registers.cycle.carrying import carry_forward, to_carry
from registers.cycle.chasing import chase
from registers.cycle.drafts import Draft
from registers.cycle.errors import (
    ChangedMeanwhile,
    CycleError,
    DatesRefused,
    DraftRefused,
    NeedsReason,
    NotReady,
)
from registers.cycle.indexing import index_drafts
from registers.cycle.loading import Loaded, accept_loaded, load_edition, unload
from registers.cycle.locks import claim
from registers.cycle.moving import (
    decline,
    propose,
    registers_near,
    take_over,
    withdraw_proposal,
)
from registers.cycle.opening import open_edition, reopen, start_review
from registers.cycle.posts import give_post
from registers.cycle.promises import put_back
from registers.cycle.publishing import publish, reissue
from registers.cycle.questions import answer, ask, withdraw
from registers.cycle.reviewing import (
    add_entry,
    close_entry,
    explain_absence,
    merge_entry,
    next_reference,
    renumber,
    reorder,
    restate,
    split_entry,
    succeed_entry,
)
from registers.cycle.standings import keep as keep_standings
from registers.cycle.standings import keep_missing as keep_missing_standings
from registers.cycle.terms import check_dates, date_document, set_bands, set_dates
from registers.cycle.undoing import added_this_quarter, bring_back, take_out, undo_ending
from registers.cycle.updating import (
    accept,
    accept_all,
    previous,
    refuse_objections,
    save_draft,
    send_back,
    start_again,
    state_no_change,
    submit,
    take_back,
    unaccept,
)
from registers.cycle.verifying import Failure, proved_by, verify
from registers.history.meanwhile import changes

__all__ = [
    "ChangedMeanwhile",
    "CycleError",
    "DatesRefused",
    "Draft",
    "DraftRefused",
    "Failure",
    "Loaded",
    "NeedsReason",
    "NotReady",
    "accept",
    "accept_all",
    "accept_loaded",
    "add_entry",
    "added_this_quarter",
    "answer",
    "answer_flag",
    "ask",
    "bring_back",
    "carry_forward",
    "changes",
    "chase",
    "check_dates",
    "claim",
    "close_entry",
    "date_document",
    "decline",
    "explain_absence",
    "give_post",
    "index_drafts",
    "keep_missing_standings",
    "keep_standings",
    "load_edition",
    "merge_entry",
    "next_reference",
    "open_edition",
    "previous",
    "propose",
    "proved_by",
    "publish",
    "put_back",
    "refuse_objections",
    "registers_near",
    "reissue",
    "renumber",
    "reopen",
    "reorder",
    "restate",
    "save_draft",
    "send_back",
    "set_bands",
    "set_dates",
    "split_entry",
    "start_again",
    "start_review",
    "state_no_change",
    "submit",
    "succeed_entry",
    "take_answer_back",
    "take_back",
    "take_out",
    "take_over",
    "to_carry",
    "unaccept",
    "undo_ending",
    "unload",
    "verify",
    "withdraw",
    "withdraw_proposal",
]
