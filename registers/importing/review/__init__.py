"""An import that a person looks through before anything is written.

    begin(…)          a file or a paste comes in, and is read by a job
    say(…)            what a person says of it: columns, answers, matches, cells; it is read anew
    ask_to_apply(…)   a job reads it once more and writes it, if nothing else would come of it
    undo(…)           takes out what applying it made, while the edition is not published
    put_aside(…)      leaves it, without effect

Reading and applying are done by `manage.py work` (see `reading.read` and `applying.apply`).
"""

from registers.importing.review.applying import ask_to_apply
from registers.importing.review.beginning import MOST_BYTES, begin, put_aside, same_file
from registers.importing.review.errors import ImportRefused, SaidMeanwhile
from registers.importing.review.saying import say
from registers.importing.review.settling import settle
from registers.importing.review.undoing import lost_by_undoing, undo

__all__ = [
    "MOST_BYTES",
    "ImportRefused",
    "SaidMeanwhile",
    "ask_to_apply",
    "begin",
    "lost_by_undoing",
    "put_aside",
    "same_file",
    "say",
    "settle",
    "undo",
]
