"""What a counter's camera sees: a film that Chromium takes for its camera, of a picture that is held before it."""

from __future__ import annotations

from PIL import Image, ImageChops

FRAME = (1280, 720)
_PICTURES = 3


def held_before_the_camera(card: Image.Image) -> Image.Image:
    """Return a card on a dark table as a camera sees it: large enough, a little turned, and lit from one side."""
    width = FRAME[0] * 3 // 4
    seen = card.convert("RGB").resize((width, width * card.height // card.width), Image.Resampling.LANCZOS)
    picture = Image.new("RGB", FRAME, "#3a352f")
    turned = seen.rotate(5, expand=True, resample=Image.Resampling.BICUBIC, fillcolor="#3a352f")
    picture.paste(turned, ((FRAME[0] - turned.width) // 2, (FRAME[1] - turned.height) // 2))
    lamp = Image.linear_gradient("L").rotate(90).resize(FRAME).point(lambda value: 130 + value * 120 // 255)
    return ImageChops.multiply(picture, Image.merge("RGB", (lamp,) * 3))


def film_of(picture: Image.Image) -> bytes:
    """Return a film (YUV4MPEG2, 4:2:0, 30 pictures a second) of one picture, which Chromium plays over and over."""
    light, blue, red = picture.convert("YCbCr").split()
    half = (picture.width // 2, picture.height // 2)
    # what a camera sends has 16 for black and 235 for white
    planes = [light.point(lambda value: 16 + value * 219 // 255)]
    planes += [colour.resize(half).point(lambda value: 128 + (value - 128) * 224 // 255) for colour in (blue, red)]
    frame = b"FRAME\n" + b"".join(plane.tobytes() for plane in planes)
    return f"YUV4MPEG2 W{picture.width} H{picture.height} F30:1 Ip A1:1 C420jpeg\n".encode() + frame * _PICTURES
