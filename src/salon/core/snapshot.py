"""The whole state of a room as one person may see it, with the stream numbers that it includes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from salon.core import log
from salon.core.access import streams_of
from salon.core.contract import StreamName
from salon.core.feature import Feature, View


async def take(features: Sequence[Feature], view: View, seqs: Mapping[StreamName, int] | None = None) -> dict[str, Any]:
    """``{features, seqs}``. The view's transaction must be one consistent state of the database.

    ``seqs`` are the numbers of the member's streams, if they have been read in that transaction.
    """
    if seqs is None:
        seqs = await log.last_seqs(view.session, streams_of(view.me))
    parts = {}
    for feature in features:
        if feature.snapshot is None:
            continue
        part = await feature.snapshot(view)
        parts[feature.name] = orjson.Fragment(part if isinstance(part, bytes) else part.model_dump_json())
    return {"features": parts, "seqs": seqs}
