"""Draw the sample pictures that are shipped: all our own, so that anyone may pass them on.

    python assets/samples/draw.py

`relief` shades the elevations of the Jacksboro fault that every matplotlib carries; they are data
of the United States Geological Survey and in the public domain.
"""

import importlib.util
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

HERE = Path(__file__).parent
FONT = HERE.parent / "fonts" / "Inter-Regular.otf"
BOLD = HERE.parent / "fonts" / "Inter-SemiBold.otf"
SIDE = 384
"""Side of a picture in pixels; each is drawn `FINE` times as large and shrunk."""
FINE = 3
PAGE = """A unit of a feature map sees only a part of the picture: its receptive
field. Every convolution makes that part a little larger and every
pooling doubles the step from one unit to the next. On the way up
the maps grow again, but what a unit sees does not shrink.
Skip connections carry the fine detail across: edges, grain and
letters such as these, which the coarse maps cannot hold."""


def shapes() -> Image.Image:
    """Edges at many angles, a star, a chirp, dots and thin lines: what tests resolution."""
    side = SIDE * FINE
    picture = Image.new("RGB", (side, side), "#E9E4D8")
    draw = ImageDraw.Draw(picture)
    half = side // 2
    for ray in range(0, 36, 2):
        box = (half * 0.12, half * 0.12, half * 0.88, half * 0.88)
        draw.pieslice(box, ray * 10, ray * 10 + 10, fill="#1D2B3A")
    draw.polygon(
        [(half * 1.12, half * 0.88), (half * 1.5, half * 0.12), (half * 1.88, half * 0.88)],
        fill="#C2452D",
    )
    draw.ellipse((half * 1.3, half * 0.46, half * 1.7, half * 0.86), fill="#F0B63C")
    for row in range(6):
        for column in range(6):
            middle = half * (0.2 + 0.13 * column), half * (1.2 + 0.13 * row)
            radius = 4 + 5 * row
            box = (middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius)
            draw.ellipse(box, fill=("#2C6E8F", "#3F8F5B")[(row + column) % 2])
    place, width = half * 1.12, 26.0
    while place < half * 1.88:
        draw.rectangle((place, half * 1.12, place + width, half * 1.5), fill="#1D2B3A")
        place, width = place + 2 * width, max(2.0, width * 0.88)
    draw.rounded_rectangle((half * 1.12, half * 1.58, half * 1.88, half * 1.88), 40, "#7A5BA6")
    draw.line((half * 1.16, half * 1.84, half * 1.84, half * 1.62), fill="#F4EFE2", width=9)
    return picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def cells() -> Image.Image:
    """A sheet of cells as a microscope shows it: bright walls, nuclei, out-of-focus haze."""
    source = np.random.default_rng(3)
    grid = 8
    step = SIDE / grid
    places = (np.stack(np.meshgrid(np.arange(-1, grid + 1), np.arange(-1, grid + 1)), -1)) * step
    points = (places + source.uniform(0.12, 0.88, places.shape) * step).reshape(-1, 2)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    away = np.hypot(rows[..., None] - points[:, 1], columns[..., None] - points[:, 0])
    first, second = np.sort(np.partition(away, 1, axis=-1)[..., :2], axis=-1).transpose(2, 0, 1)
    owner = away.argmin(-1)
    wall = np.exp(-(((second - first) / 5.0) ** 2))
    radius = source.uniform(6.5, 11.0, len(points))[owner]
    nucleus = 1 / (1 + np.exp((first - radius) / 0.9))
    body = source.uniform(0.12, 0.3, len(points))[owner]
    grain = _smooth(source.standard_normal((SIDE, SIDE)), 1.3)
    haze = _smooth(source.standard_normal((SIDE, SIDE)), 40.0)
    green = body + 0.62 * wall + 0.07 * haze + 0.05 * grain
    blue = 0.10 + 0.75 * nucleus * (1 + 0.16 * grain) + 0.05 * haze
    red = 0.06 + 0.22 * nucleus + 0.10 * wall
    return _rgb(np.stack([red, green, blue], -1))


def page() -> Image.Image:
    """A printed page with a heading, small text and a table rule."""
    side = SIDE * FINE
    picture = Image.new("RGB", (side, side), "#F6F1E6")
    draw = ImageDraw.Draw(picture)
    draw.text((70, 64), "What a unit sees", fill="#22201C", font=ImageFont.truetype(BOLD, 84))
    draw.line((70, 186, side - 70, 186), fill="#22201C", width=5)
    small = ImageFont.truetype(FONT, 31)
    draw.multiline_text((70, 220), PAGE, fill="#2B2925", font=small, spacing=18)
    table = ImageFont.truetype(FONT, 44)
    for row, (layer, field) in enumerate(
        [("enc 1", "5"), ("enc 2", "14"), ("enc 3", "32"), ("enc 4", "68"), ("bottleneck", "140")]
    ):
        top = 620 + row * 90
        draw.line((70, top, side - 70, top), fill="#B4AC9B", width=3)
        draw.text((90, top + 18), layer, fill="#22201C", font=table)
        draw.text((side - 330, top + 18), f"{field} pixels", fill="#8E2F1C", font=table)
    softened = picture.filter(ImageFilter.GaussianBlur(1.2))
    return softened.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def waves() -> Image.Image:
    """A zone plate: every frequency and direction once, low in the middle, high at the border."""
    rows, columns = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2
    square = rows**2 + columns**2
    wave = 0.5 + 0.46 * np.cos(np.pi * square / SIDE * 0.72)
    fade = np.clip((SIDE / 2 - np.sqrt(square)) / 24, 0, 1)
    return _rgb(0.5 + (wave - 0.5) * fade)


def relief() -> Image.Image:
    """Mountains from above, lit from the north-west."""
    specification = importlib.util.find_spec("matplotlib")
    if specification is None or specification.origin is None:
        raise SystemExit("this needs matplotlib for its elevations")
    data = Path(specification.origin).parent / "mpl-data/sample_data/jacksboro_fault_dem.npz"
    height = np.load(data)["elevation"].astype(np.float64)
    down, right = np.gradient(height * 0.045)
    steep = np.sqrt(1 + down**2 + right**2)
    lit = np.clip((0.62 + 0.45 * (down + right)) / steep, 0, 1.2)
    level = (height - height.min()) / np.ptp(height)
    low, high = np.array([0.36, 0.5, 0.33]), np.array([0.93, 0.86, 0.74])
    ground = low + (high - low) * np.clip(level * 1.5, 0, 1)[..., None]
    tall, wide = height.shape
    picture = _rgb(ground * (0.35 + lit)[..., None])
    middle = min(tall, wide)
    left = (wide - middle) // 2
    cut = picture.crop((left, (tall - middle) // 2, left + middle, (tall + middle) // 2))
    return cut.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _smooth(field: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    """Gaussian blur by the Fourier transform, brought back to standard deviation 1."""
    down, right = np.meshgrid(*(np.fft.fftfreq(n) for n in field.shape), indexing="ij")
    kernel = np.exp(-2 * (np.pi * sigma) ** 2 * (down**2 + right**2))
    blurred = np.fft.ifft2(np.fft.fft2(field) * kernel).real
    smooth: NDArray[np.float64] = blurred / blurred.std()
    return smooth


def _rgb(values: NDArray[np.float64]) -> Image.Image:
    return Image.fromarray((np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8))


if __name__ == "__main__":
    for drawn in (shapes, cells, page, waves, relief):
        photographic = drawn in (cells, relief)
        path = HERE / f"{drawn.__name__}.{'jpg' if photographic else 'png'}"
        drawn().save(path, quality=90, optimize=True)
