"""Plots as SVG, readable on light and dark pages: bars with ranges, and lines."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from samples import Spread, number

WIDTH = 760
ROW = 24
HEAD = 34
NAMES = 130     # room for names, at the left
VALUES = 90     # room for values, at the right

# A colour for each contender everywhere: on a light page, on a dark one.
COLOURS = {
    "sluice": ("#0969da", "#58a6ff"),
    "sluice-sleeping": ("#1b7c83", "#39c5cf"),
    "haproxy": ("#bc4c00", "#f0883e"),
    "haproxy-splice": ("#8250df", "#bc8cff"),
    "haproxy-polling": ("#8250df", "#bc8cff"),
    "nginx": ("#1a7f37", "#3fb950"),
    "relay": ("#57606a", "#b1bac4"),
    "proxy": ("#57606a", "#b1bac4"),
    "origin alone": ("#8c959f", "#6e7681"),
    "bare JVM": ("#57606a", "#b1bac4"),
}


@dataclass(frozen=True)
class Panel:
    """Bars that share a scale."""

    heading: str
    bars: dict[str, Spread]


@dataclass(frozen=True)
class Axis:
    """What a chart of lines has below or at the left: ticks at positions from 0 to 1, with their words."""

    heading: str
    ticks: dict[str, float]


@dataclass(frozen=True)
class Line:
    """Points from 0 to 1 each way: x, y, and the least and greatest y."""

    name: str
    points: list[tuple[float, float, float, float]]


@dataclass(frozen=True)
class Ratio:
    """A row of the overview: a scenario, and Sluice's share of each peer's value."""

    name: str
    peers: dict[str, Spread]


def svg(height: float, title: str, body: Iterable[str]) -> str:
    light, dark = ("".join(f".{css(name)}{{color:{colours[page]}}}" for name, colours in COLOURS.items())
                   for page in (0, 1))
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" '
        f'height="{height:.0f}" role="img">',
        f"<title>{escape(title)}</title>",
        "<style>",
        "text{font:12px system-ui,sans-serif;fill:#1f2328}.quiet{fill:#59636e}.strong{font-weight:600}",
        ".own{stroke:currentColor}.page{fill:#ffffff}.grid{stroke:#d1d9e0}.range{stroke:#1f2328}",
        light,
        "@media (prefers-color-scheme:dark){",
        "text{fill:#e6edf3}.quiet{fill:#9198a1}.page{fill:#0d1117}.grid{stroke:#30363d}.range{stroke:#e6edf3}",
        dark + "}",
        "</style>",
        f'<rect class="page" width="{WIDTH}" height="{height:.0f}" rx="6"/>',
        *body,
        "</svg>",
    ]) + "\n"


def css(name: str) -> str:
    return name.replace(" ", "-")


def words(x: float, y: float, what: str, anchor: str = "start", style: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{style}">{escape(what)}</text>'


def stroke(x1: float, y1: float, x2: float, y2: float, style: str, width: float = 1) -> str:
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{style}" '
            f'stroke-width="{width}"/>')


def bars(title: str, panels: list[Panel]) -> str:
    body, y = [], 8.0
    for panel in filter(lambda panel: panel.bars, panels):
        body.append(words(16, y + 18, panel.heading, style="strong"))
        y += HEAD
        scale = (WIDTH - NAMES - VALUES) / max(spread.greatest for spread in panel.bars.values())
        for name, spread in panel.bars.items():
            body += bar(name, spread, y, scale)
            y += ROW
        y += 6
    return svg(y + 8, title, body)


def bar(name: str, spread: Spread, y: float, scale: float) -> list[str]:
    middle = y + ROW / 2 - 2
    end = NAMES + spread.greatest * scale
    return [
        words(NAMES - 8, middle + 4, name, "end"),
        f'<rect x="{NAMES}" y="{y:.1f}" width="{spread.median * scale:.1f}" height="{ROW - 6}" rx="2" '
        f'fill="currentColor" class="{css(name)}"/>',
        stroke(NAMES + spread.least * scale, middle + 1, end, middle + 1, "range", 1.5),
        words(end + 8, middle + 5, number(spread.median)),
    ]


@dataclass(frozen=True)
class Field:
    """Where a chart of lines lies in its picture."""

    left: float = 70
    top: float = 56
    width: float = WIDTH - 70 - VALUES - 40
    height: float = 260

    def x(self, share: float) -> float:
        return self.left + share * self.width

    def y(self, share: float) -> float:
        return self.top + (1 - share) * self.height


def lines(heading: str, x_axis: Axis, y_axis: Axis, drawn: list[Line]) -> str:
    field = Field()
    body = [words(16, 26, heading, style="strong"), *grid(field, x_axis, y_axis)]
    labels = spaced([field.y(line.points[-1][1]) for line in drawn])
    for line, label in zip(drawn, labels):
        body += [f'<g class="{css(line.name)}">', *curve(field, line),
                 stroke(field.x(1) + 8, label, field.x(1) + 20, label, "own", 3), "</g>",
                 words(field.x(1) + 26, label + 4, line.name)]
    return svg(field.y(0) + 54, heading, body)


def grid(field: Field, x_axis: Axis, y_axis: Axis) -> list[str]:
    drawn = [words(16, 46, y_axis.heading, style="quiet"),
             words(field.x(0.5), field.y(0) + 40, x_axis.heading, "middle", "quiet")]
    for word, x in x_axis.ticks.items():
        drawn += [stroke(field.x(x), field.y(1), field.x(x), field.y(0), "grid"),
                  words(field.x(x), field.y(0) + 18, word, "middle", "quiet")]
    for word, y in y_axis.ticks.items():
        drawn += [stroke(field.x(0), field.y(y), field.x(1), field.y(y), "grid"),
                  words(field.x(0) - 8, field.y(y) + 4, word, "end", "quiet")]
    return drawn


def curve(field: Field, line: Line) -> list[str]:
    path = " ".join(f"{field.x(x):.1f},{field.y(y):.1f}" for x, y, *_ in line.points)
    return [f'<polyline points="{path}" fill="none" class="own" stroke-width="2"/>',
            *(stroke(field.x(x), field.y(low), field.x(x), field.y(high), "own") for x, _, low, high in line.points),
            *(mark(field.x(x), field.y(y), 3) for x, y, *_ in line.points)]


def mark(x: float, y: float, radius: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="currentColor"/>'


def spaced(positions: list[float], least: float = 16) -> list[float]:
    """The same positions, moved down where two would be nearer than that."""
    placed = list(positions)
    order = sorted(range(len(placed)), key=placed.__getitem__)
    for above, below in zip(order, order[1:]):
        placed[below] = max(placed[below], placed[above] + least)
    return placed


def overview(heading: str, legend: str, ratios: list[Ratio]) -> str:
    """A row for each scenario, a mark and its range for each peer, and a line where both are equal."""
    spreads = [spread for row in ratios for spread in row.peers.values()]
    low = min(0.8, *(spread.least for spread in spreads))
    high = max(1.25, *(spread.greatest for spread in spreads))

    def x_of(value: float) -> float:
        return NAMES + (WIDTH - NAMES - 30) * math.log(value / low) / math.log(high / low)

    names = [name for name in COLOURS if any(name in row.peers for row in ratios)]
    body, top = [words(16, 26, heading, style="strong"), words(16, 46, legend, style="quiet"), *key(names, 66)], 86.0
    bottom = top + sum(map(row_height, ratios))
    for value in ratio_ticks(low, high):
        body += [stroke(x_of(value), top, x_of(value), bottom, "range" if value == 1 else "grid"),
                 words(x_of(value), bottom + 18, f"{value:g}", "middle", "quiet")]
    for row in ratios:
        body += ratio_row(row, top, x_of)
        top += row_height(row)
    return svg(bottom + 30, heading, body)


def key(names: list[str], y: float) -> list[str]:
    return [part for index, name in enumerate(names) for part in (
        f'<g class="{css(name)}">{mark(NAMES + 4 + index * 130, y, 5)}</g>',
        words(NAMES + 14 + index * 130, y + 4, name))]


def row_height(row: Ratio) -> float:
    return 10 + 12 * len(row.peers)


def ratio_row(row: Ratio, top: float, x_of: Callable[[float], float]) -> list[str]:
    height = row_height(row)
    drawn = [words(NAMES - 8, top + height / 2 + 4, row.name, "end"),
             stroke(16, top + height, WIDTH - 16, top + height, "grid")]
    for index, (name, spread) in enumerate(row.peers.items()):
        y = top + 11 + 12 * index
        drawn += [f'<g class="{css(name)}">', stroke(x_of(spread.least), y, x_of(spread.greatest), y, "own", 2),
                  mark(x_of(spread.median), y, 4), "</g>"]
    return drawn


def ratio_ticks(low: float, high: float) -> list[float]:
    return [value for value in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 6, 8, 12)
            if low <= value <= high]


def nines(percentile: str) -> float:
    """Where a percentile lies if each further nine is as wide as the one before: p90 at 1, p99 at 2."""
    return -math.log10(1 - float(percentile.removeprefix("p")) / 100)


def log_ticks(low: float, high: float) -> dict[str, float]:
    """1, 2 and 5 of each power of ten in a range, at their logarithms' places from 0 to 1."""
    span = math.log(high / low)
    values = [digit * 10.0 ** power for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
              for digit in (1, 2, 5)]
    return {f"{value:g}": math.log(value / low) / span for value in values if low <= value <= high}


def linear_ticks(high: float) -> dict[str, float]:
    """About five round values from 0 on, at their places from 0 to 1."""
    step = 10 ** math.floor(math.log10(high))
    step = next(step * part for part in (0.1, 0.2, 0.5, 1, 2) if high / (step * part) <= 6 or part == 2)
    return {f"{step * index:,g}": step * index / high for index in range(int(high / step) + 1)}
