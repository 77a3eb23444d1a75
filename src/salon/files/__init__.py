"""Files: drop something here, and everyone in the room has it; or one of them."""

from salon.core.feature import Feature
from salon.files import commands as commands
from salon.files.archive import archive
from salon.files.closing import Closing
from salon.files.contract import FilesSnapshot
from salon.files.farewell import adopt, forget_person
from salon.files.http import PREFIX, application
from salon.files.keeper import Keeper
from salon.files.snapshot import snapshot
from salon.files.traffic import Traffic

FEATURE = Feature(
    name="files",
    activity=True,
    snapshot_model=FilesSnapshot,
    snapshot=snapshot,
    mounted=(PREFIX, application),
    services=(Keeper, Closing, Traffic),
    archive=archive,
    everything=f"{PREFIX}{{link}}/everything.zip",
    adopts=adopt,
    forgets=forget_person,
)
