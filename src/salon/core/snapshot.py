"""The whole state of a room as one person may see it, with the stream numbers that it includes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core import log
from salon.core.access import streams_of
from salon.core.contract import StreamName
from salon.core.feature import Feature, View


async def take(session: AsyncSession, features: Sequence[Feature], view: View) -> dict[str, Any]:
    """``{features, seqs}``. The session's transaction must be one consistent state of the database."""
    parts = {feature.name: orjson.Fragment((await feature.snapshot(view)).model_dump_json()) for feature in features}
    seqs: dict[StreamName, int] = await log.last_seqs(session, streams_of(view.me))
    return {"features": parts, "seqs": seqs}
