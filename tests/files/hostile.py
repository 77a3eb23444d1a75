"""Files that somebody means ill with: names, contents, and each with each."""

from __future__ import annotations

import io
import itertools
import zipfile

SCRIPT = b"<script>parent.postMessage('escaped', '*'); document.title = 'escaped'</script>"

NAMES = [
    "../../etc/passwd",
    "..\\..\\windows\\system32\\cmd.exe",
    "/etc/passwd",
    "C:\\autoexec.bat",
    "\\\\server\\share\\x",
    "a/../../b",
    "..",
    ".",
    "",
    " ",
    "...",
    "a\x00.png",
    "a.png\x00.html",
    "a\r\nSet-Cookie: x=1.txt",
    "a\nb\tc\x1b[31m.txt",
    "con",
    "CON.txt",
    "nul",
    "aux.html",
    "com1.png",
    "COM¹",
    "lpt9.tar.gz",
    "conin$",
    "photo\u202egnp.exe",
    "\u202etxt.exe",
    "\u2066a\u2069.txt",
    "invoice.pdf.exe",
    "photo.jpg.html",
    "a.svg",
    "a.xhtml",
    "x" * 300 + ".html",
    "文" * 120 + ".txt",
    "👩‍👩‍👧‍👦" * 30 + ".png",
    "e" + "\u0301" * 400,
    "trailing dot.",
    "trailing space .txt ",
    "a:stream.txt",
    "a<b>c|d?e*f.txt",
    'quote".txt',
    "quote'; filename=evil.exe",
    "%2e%2e%2fpasswd",
    "a%0d%0ab.txt",
    "file.txt; filename*=UTF-8''evil.exe",
    "-rf",
    "~/.ssh/id_rsa",
    "$(reboot).txt",
    "`reboot`",
    ".htaccess",
    ".DS_Store",
    "desktop.ini",
    "a\u200bb.txt",
    "a\ufeff.txt",
    "／etc／passwd",
    "a∕b⁄c.txt",
    "\ud800.txt".encode("utf-8", "replace").decode(),
    "ａ．ｔｘｔ",
    "index.html",
    "sw.js",
    "manifest.webmanifest",
    "=cmd|' /C calc'!A0.csv",
]

FOLDERS = ["", "../..", "/abs/olute", "a/./b/../../c", "con/nul", "a\\b", "..\\..", "x/" * 60, "\u202e/a", "a//b"]


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(20_000_000))
        archive.writestr("../../escaped.txt", "x")
    return packed.getvalue()


CONTENTS = {
    "html": b"<!doctype html>" + SCRIPT,
    "html with a mark": b"\xef\xbb\xbf<html>" + SCRIPT,
    "html in utf-16": ("<html>" + SCRIPT.decode()).encode("utf-16"),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
    "xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>',
    "script": b"fetch('/api/account')",
    "gif and script": b"GIF89a/*" + b"\x00" * 8 + b"*/=1;alert(1)" + SCRIPT,
    "jpeg and html": b"\xff\xd8\xff\xe0\x00\x10JFIF" + SCRIPT,
    "png and html": b"\x89PNG\r\n\x1a\n" + SCRIPT,
    "pdf with script": b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj" + SCRIPT,
    "wave and html": b"RIFF\x24\x00\x00\x00WAVE" + SCRIPT,
    "mp4 and html": b"\x00\x00\x00\x20ftypisom" + SCRIPT,
    "zip bomb": zip_bomb(),
    "program": b"MZ\x90\x00" + bytes(60),
    "mail": b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + SCRIPT,
    "nothing": b"",
}


def cases() -> list[tuple[str, str, str]]:
    """Name, folder and content of each file: every name and every content several times, never the same three."""
    contents = itertools.cycle(CONTENTS)
    folders = itertools.cycle(FOLDERS)
    return [(name, next(folders), next(contents)) for _ in range(4) for name in NAMES]
