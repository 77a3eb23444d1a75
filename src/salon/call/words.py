"""What a word from one browser to another must look like. What it means is for the browsers to know."""

from __future__ import annotations

import re

from salon.call import contract
from salon.core.refusals import Refused

_SDP = re.compile(r"v=0\r?\n(?:[a-z]=[^\x00-\x08\x0a-\x1f\x7f]*\r?\n)+")
"""Lines of a letter and text, as RFC 8866 has them."""
_CANDIDATE = re.compile(r"(?:candidate:[\x20-\x7e]+)?")


def check(said: contract.Say) -> None:
    """Refuses what is no description and no candidate."""
    described = said.kind in {"offer", "answer"}
    if described != (said.sdp is not None):
        raise Refused("invalid", "An offer and an answer have a description, nothing else has.", field="sdp")
    if (said.kind == "candidates") != bool(said.candidates):
        raise Refused("invalid", "Candidates alone have candidates, one at least.", field="candidates")
    if said.sdp is not None and not _SDP.fullmatch(said.sdp):
        raise Refused("invalid", "This is no session description.", field="sdp")
    for each in said.candidates or ():
        if not _CANDIDATE.fullmatch(each.candidate):
            raise Refused("invalid", "This is no candidate.", field="candidates")
