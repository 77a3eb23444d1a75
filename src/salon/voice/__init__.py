"""Voice: a request to speak is called up, and the person's phone becomes the microphone of a host's screen."""

from salon.core.feature import Feature
from salon.voice import commands as commands
from salon.voice.contract import VoiceSnapshot
from salon.voice.following import adopt, forget_person
from salon.voice.http import router
from salon.voice.snapshot import snapshot
from salon.voice.watch import Watch

FEATURE = Feature(
    name="voice",
    snapshot_model=VoiceSnapshot,
    snapshot=snapshot,
    router=router(),
    services=(Watch,),
    adopts=adopt,
    forgets=forget_person,
)
