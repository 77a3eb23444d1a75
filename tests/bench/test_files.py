"""The benchmark of files runs, small: what it says of the bytes is true, and what is wrong is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import files
from bench.files import Plan, run
from bench.files_table import CP, NGINX, PROXIED, SALON, table
from bench.machine import cores, family, family_seconds, resident_bytes
from bench.servers import Salon
from bench.transfers import Transfers, fetched_digest, open_drop, write_source

pytestmark = pytest.mark.real("compiler", "nginx")


@pytest.mark.feature("D2", "D3")
def test_a_small_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "TALKING", 5)
    monkeypatch.setattr(files, "FETCHING", 5)
    results = run(tmp_path, Plan(mib=1, rounds=1, talk=1.0))
    assert results.faults == []
    for name in (SALON, PROXIED, NGINX):
        assert (results.of("download", name) or 0) > 0
        assert results.of("down_cpu", name) is not None
    for name in (SALON, CP):
        assert (results.of("upload", name) or 0) > 0
    for how in ("alone", "paced", "free"):
        assert (results.of(f"{how}_delivery_p99", SALON) or 0) > 0
    # Five connections for two seconds and a little, at their pace.
    assert (results.of("paced_speed", SALON) or 0) <= 5 * files.PACE / 1e6 * 1.5
    text = table(results, 1).markdown()
    assert "None" not in text
    assert text.count("|\n") > 8
    assert not list(tmp_path.glob("copy.bin"))


def test_what_is_wrong_is_found(tmp_path: Path) -> None:
    source = tmp_path / "source"
    write_source(source, 1 << 20)
    faults: list[str] = []
    with Salon(tmp_path / "salon", cores()[0]) as server:
        assert server.pid in family(server.pid)
        assert family_seconds(server.pid) > 0
        assert resident_bytes(server.pid) > 1 << 20
        drop = open_drop(server, faults)
        upload = drop.begin(1 << 20)
        with Transfers(tmp_path, server.port, [server.pid]) as client:
            sent = client.put(drop, upload, source).report
            assert (sent["complete"], sent["refused"], sent["bytes"]) == (1, 0, 1 << 20)
            # It is there already.
            assert client.put(drop, upload, source).report["refused"] == 1
            several = client.get(drop.path(upload), drop.headers(), 7).report
            assert (several["complete"], several["refused"], several["bytes"]) == (7, 0, 7 << 20)
            outside = client.get(drop.path(upload), {}, 2).report
            assert (outside["complete"], outside["refused"]) == (0, 2)
        assert fetched_digest(server.port, drop.path(upload), drop.headers()) == drop.digest(upload)
        assert fetched_digest(server.port, drop.path(upload), {}) == "status 401"
    assert not faults
