"""What the benchmark of files prints, and what is asked of its numbers."""

from __future__ import annotations

from bench.report import Goal, Results, Row, Table

SALON, PROXIED, NGINX, CP = "Salon", "Salon behind nginx", "nginx", "cp, sha256sum"

_FAST = Goal("≥ 0.9 of nginx's", 0.9, least=True, form="{:.2f} of nginx's")
_CHEAP = Goal("≤ 1.2 of nginx's", 1.2, form="{:.2f} of nginx's")
_WRITTEN = Goal("≥ 0.6 of theirs", 0.6, least=True, form="{:.2f} of theirs")
_PROMPT = Goal("≤ 50 ms", 50, form="{:.1f} ms")
_LEAN = Goal("≤ 64 MiB", 64, form="{:.0f} MiB")


def table(results: Results, mib: int) -> Table:
    def row(what: str, key: str, form: str = "{:,.0f}", goal: Goal | None = None, reached: float | None = None) -> Row:
        return Row(what, [results.of(key, name) for name in (SALON, PROXIED, NGINX, CP)], form, goal, reached)

    def goal_row(what: str, goal: Goal, reached: float | None) -> Row:
        return Row(what, [None] * 4, goal=goal, reached=reached)

    def talk(what: str, how: str) -> list[Row]:
        delivery, ack = f"{how}_delivery", f"{how}_ack_p99"
        return [
            row(f"{what}: delivery, median, ms", f"{delivery}_p50", "{:.1f}"),
            row(
                "the same, 99th percentile, ms",
                f"{delivery}_p99",
                "{:.1f}",
                _PROMPT,
                results.of(f"{delivery}_p99", SALON),
            ),
            row("acknowledgement, 99th percentile, ms", ack, "{:.1f}", _PROMPT, results.of(ack, SALON)),
        ]

    return Table(
        [f"a file of {mib:,} MiB", SALON, PROXIED, NGINX, CP],
        [
            row("downloaded, MB a second", "download", goal=_FAST, reached=results.ratio("download", SALON, NGINX)),
            row("CPU for 1 GiB, s", "down_cpu", "{:.3f}", _CHEAP, results.ratio("down_cpu", SALON, NGINX)),
            goal_row(
                "downloaded by X-Accel-Redirect, beside nginx alone", _FAST, results.ratio("download", PROXIED, NGINX)
            ),
            row(
                "uploaded with its hash, or copied and hashed, MB a second",
                "upload",
                goal=_WRITTEN,
                reached=results.ratio("upload", SALON, CP),
            ),
            row("the same, the copy synced to disk, as the upload is", "upload_synced"),
            row("CPU for 1 GiB, s", "up_cpu", "{:.2f}"),
            row("50 downloads at once, at 20 MB a second each: MB a second", "paced_speed"),
            *talk("100 people talk meanwhile", "paced"),
            row("50 downloads at once, as fast as they can: MB a second", "free_speed"),
            *talk("100 people talk meanwhile", "free"),
            row("100 people talk and nobody fetches: delivery, 99th percentile, ms", "alone_delivery_p99", "{:.1f}"),
            row(
                "growth of the server's resident memory, all this time, MiB",
                "memory",
                "{:.0f}",
                _LEAN,
                results.of("memory", SALON),
            ),
        ],
    )
