"""What a host takes away of files: a list of them. The files themselves go with it in ``everything.zip``."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from salon.core.cells import harmless
from salon.core.feature import View
from salon.files.desk import files_of

LIST = "files.csv"
TITLES = ("Name", "Folder", "From", "Bytes", "Type", "SHA-256", "Came", "Text")


async def archive(view: View) -> dict[str, bytes]:
    """``files.csv``: one line for each that is everyone's, in UTF-8 with the mark that spreadsheets know it by; none
    where there are none."""
    taking = view.taking
    if taking is None or not taking.wants(LIST):
        return {}
    files = [file for file in await files_of(view.session, view.room.id) if file.to_id is None and file.done_at]
    if not files:
        return {}
    written = io.StringIO(newline="")
    out = csv.writer(written)
    out.writerow([*TITLES[:6], f"{TITLES[6]} ({taking.zone.key})", TITLES[7]])
    for file in files:
        came = datetime.fromtimestamp((file.done_at or 0) / 1000, UTC).astimezone(taking.zone)
        named = (harmless(each) for each in (file.name, file.folder, file.person))
        out.writerow(
            [*named, file.size, file.type, file.sha256, f"{came:%Y-%m-%d %H:%M:%S}", harmless(file.text or "")]
        )
    return {LIST: written.getvalue().encode("utf-8-sig")}
