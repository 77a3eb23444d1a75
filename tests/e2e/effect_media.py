"""Somebody before a camera and a microphone, drawn and computed: a person whom the segmenter knows for one, a wall with
colours that nothing else has, and a voice that a noise suppressor takes for one.
"""

from __future__ import annotations

import math
import random
import struct
import wave
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 640, 360
WALL = (255, 0, 200), (0, 255, 60)
"""The squares of the wall: neither skin, hair, clothes nor any background has such colours."""
RATE = 48_000


def person(aside: int) -> Image.Image:
    """So many points to the right of the middle."""
    image = Image.new("RGB", (WIDTH, HEIGHT), WALL[0])
    pen = ImageDraw.Draw(image)
    for x in range(0, WIDTH, 40):
        for y in range((x // 40 % 2) * 40, HEIGHT, 80):
            pen.rectangle((x, y, x + 39, y + 39), fill=WALL[1])
    at = WIDTH // 2 + aside
    hair, skin, shade = (58, 40, 28), (222, 172, 142), (196, 146, 118)
    pen.ellipse((at - 150, 235, at + 150, 520), fill=(52, 62, 98))
    pen.polygon([(at - 40, 255), (at + 40, 255), (at, 300)], fill=(235, 235, 235))
    pen.rounded_rectangle((at - 30, 205, at + 30, 270), 14, fill=shade)
    pen.ellipse((at - 74, 48, at + 74, 200), fill=hair)
    pen.ellipse((at - 60, 72, at + 60, 232), fill=skin)
    pen.chord((at - 62, 60, at + 62, 150), 180, 360, fill=hair)
    for side in (-1, 1):
        eye = at + side * 25
        pen.ellipse((at + side * 62 - 8, 138, at + side * 62 + 8, 172), fill=(212, 160, 130))
        pen.ellipse((eye - 12, 138, eye + 12, 150), fill=(248, 248, 248))
        pen.ellipse((eye - 6, 138, eye + 6, 150), fill=(60, 45, 30))
        pen.arc((eye - 16, 122, eye + 16, 140), 200, 340, fill=hair, width=4)
    pen.line((at, 148, at - 6, 178), fill=shade, width=3)
    pen.ellipse((at - 22, 194, at + 22, 208), fill=(178, 84, 82))
    return image.filter(ImageFilter.GaussianBlur(1))


def write_person(path: Path) -> None:
    """They sway a little, as people do: a point or two from picture to picture, there and back in two seconds."""
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F15:1 Ip A1:1 C420jpeg\n".encode())
        for at in range(30):
            light, *colours = person(round(12 * math.sin(2 * math.pi * at / 30))).convert("YCbCr").split()
            file.write(b"FRAME\n" + light.tobytes())
            file.write(b"".join(each.resize((WIDTH // 2, HEIGHT // 2)).tobytes() for each in colours))


VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))
"""The resonances of a mouth, in hertz."""


def _throat(seconds: int) -> Iterator[tuple[float, int, float]]:
    """What the voice box gives, which syllable it belongs to, and how far that one is: four of them a second."""
    dice, turn = random.Random(1), 0.0
    for at in range(seconds * RATE):
        t = at / RATE
        syllable, far = divmod(t * 4, 1)
        pitch = 125 + 25 * math.sin(2 * math.pi * 0.6 * t) + 10 * math.sin(2 * math.pi * 2.1 * t)
        turn = (turn + pitch / RATE) % 1
        open_ = math.cos(math.pi * turn / 0.4) if turn < 0.4 else -0.2 * (turn < 0.45)
        loud = min(1.0, far * 8) * min(1.0, (1 - far) * 6)
        breath = (dice.random() - 0.5) * (1.2 * (1 - far / 0.15) if far < 0.15 else 0.05)
        yield open_ * loud + breath, int(syllable), far


def speech(seconds: int) -> list[float]:
    """Vowels that glide into each other, at most 1 loud."""
    mouth = [[0.0, 0.0] for _ in range(3)]
    glides = list(pairwise([*VOWELS, VOWELS[0]]))
    out: list[float] = []
    for sound, syllable, far in _throat(seconds):
        before, after = glides[syllable % len(glides)]
        for each, (a, b, width) in enumerate(zip(before, after, (80, 100, 140), strict=True)):
            radius = math.exp(-math.pi * width / RATE)
            turn = 2 * radius * math.cos(2 * math.pi * (a * (1 - far) + b * far) / RATE)
            last, lastbut = mouth[each]
            sound = sound * (1 - turn + radius * radius) + turn * last - radius * radius * lastbut
            mouth[each] = [sound, last]
        out.append(sound)
    most = max(map(abs, out))
    return [each / most for each in out]


def noise(seconds: int) -> list[float]:
    """As a fan makes it: even, deeper tones louder, at about a twentieth of the loudest."""
    dice = random.Random(2)
    sound, last = [], 0.0
    for _ in range(seconds * RATE):
        last = 0.98 * last + dice.gauss(0, 0.01)
        sound.append(last)
    return sound


def write_sound(path: Path, sound: list[float]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(struct.pack("<h", int(each * 14_000)) for each in sound))
