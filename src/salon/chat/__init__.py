"""Chat: the room's conversation and direct ones."""

from salon.chat import commands as commands
from salon.chat import moderation as moderation
from salon.chat.adoption import adopt, forget_author
from salon.chat.contract import ChatSnapshot
from salon.chat.queries import archive
from salon.chat.snapshot import snapshot
from salon.chat.talk import TALK
from salon.core.feature import Feature

FEATURE = Feature(
    name="chat",
    activity=True,
    snapshot_model=ChatSnapshot,
    snapshot=snapshot,
    archive=archive,
    adopts=adopt,
    forgets=forget_author,
    talk=TALK,
)
