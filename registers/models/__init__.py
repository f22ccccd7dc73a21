"""The rows: querysets that read as sentences, and constraints named as sentences."""

from registers.models.action import Action
from registers.models.edition import Edition, State
from registers.models.entry import Entry, Kind, Lineage, Opportunity, Risk
from registers.models.feed_token import FeedToken
from registers.models.flag_answer import FlagAnswer
from registers.models.imports import ColumnMeaning, Import, ImportDoubt
from registers.models.job import Job
from registers.models.kept import KeptStandings
from registers.models.notice import Notice
from registers.models.owner import Owner, OwnerAlias, Tenure
from registers.models.pack import PackFile, PackText
from registers.models.proposal import Proposal
from registers.models.publication import Publication, Reissue
from registers.models.question import Question
from registers.models.register import Register, Type, TypeAlias, TypeAppetite
from registers.models.sending import Sending
from registers.models.snapshot import Direction, Progress, Snapshot, Strand
from registers.models.sought import Sought
from registers.models.stored_file import StoredFile
from registers.models.upkeep import Upkeep
from registers.models.user import RegisterRole, User

__all__ = [
    "Action",
    "ColumnMeaning",
    "Direction",
    "Edition",
    "Entry",
    "FeedToken",
    "FlagAnswer",
    "Import",
    "ImportDoubt",
    "Job",
    "KeptStandings",
    "Kind",
    "Lineage",
    "Notice",
    "Opportunity",
    "Owner",
    "OwnerAlias",
    "PackFile",
    "PackText",
    "Progress",
    "Proposal",
    "Publication",
    "Question",
    "Register",
    "RegisterRole",
    "Reissue",
    "Risk",
    "Sending",
    "Snapshot",
    "Sought",
    "State",
    "StoredFile",
    "Strand",
    "Tenure",
    "Type",
    "TypeAlias",
    "TypeAppetite",
    "Upkeep",
    "User",
]
