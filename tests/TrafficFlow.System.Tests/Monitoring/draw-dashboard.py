#!/usr/bin/env python3
"""Draws the panels of grafana-dashboard.json from a Prometheus, to look at without Grafana: draw-dashboard.py http://127.0.0.1:9090 MINUTES OUT.svg
Each panel asks what Grafana would ask. `rsvg-convert OUT.svg -o OUT.png` makes a picture of it."""
import json
import math
import pathlib
import re
import sys
import time
import urllib.parse
import urllib.request
from xml.sax.saxutils import escape

SERVER, MINUTES, OUT = sys.argv[1], float(sys.argv[2]), sys.argv[3]
DASHBOARD = pathlib.Path(__file__).resolve().parents[3] / "deploy/monitoring/grafana-dashboard.json"
CELL, ROW = 60, 26
COLOURS = ["#73bf69", "#f2cc0c", "#5794f2", "#ff9830", "#f2495c", "#b877d9", "#8ab8ff", "#c8f2c2", "#ffee52", "#ff7383"]


def ask(path, **query):
    with urllib.request.urlopen(f"{SERVER}{path}?{urllib.parse.urlencode(query)}") as answer:
        return json.load(answer)["data"]["result"]


def shown(value, unit):
    if math.isnan(value):
        return "no data"
    if unit == "percentunit":
        return f"{value * 100:.1f} %"
    if unit == "s":
        return f"{value / 86400:.1f} d" if value > 172800 else f"{value / 60:.1f} min" if value > 120 else f"{value * 1000:.1f} ms" if abs(value) < 1 else f"{value:.1f} s"
    if unit == "bytes":
        for name in ["B", "kB", "MB", "GB", "TB"]:
            if abs(value) < 1000 or name == "TB":
                return f"{value:.3g} {name}"
            value /= 1000
    return f"{value:.4g}"


def legend(text, labels):
    return re.sub(r"{{\s*(\w+)\s*}}", lambda m: labels.get(m.group(1), ""), text)


def draw_stat(panel, x, y, w, h, out):
    unit, values = panel["fieldConfig"]["defaults"]["unit"], []
    for target in panel["targets"]:
        result = ask("/api/v1/query", query=target["expr"].replace("$site", ".*"))
        values.append((target["legendFormat"], float(result[0]["value"][1]) if result else math.nan))
    for i, (name, value) in enumerate(values):
        out.append(f'<text x="{x + w * (i + .5) / len(values)}" y="{y + h / 2 + 16}" font-size="26" fill="#eee" text-anchor="middle">{escape(shown(value, unit))}</text>')
        out.append(f'<text x="{x + w * (i + .5) / len(values)}" y="{y + h - 8}" font-size="11" fill="#999" text-anchor="middle">{escape(name)}</text>')


def draw_lines(panel, x, y, w, h, out):
    now = time.time()
    start, step = now - MINUTES * 60, max(5, MINUTES * 60 / 200)
    unit, series = panel["fieldConfig"]["defaults"]["unit"], []
    for target in panel["targets"]:
        for result in ask("/api/v1/query_range", query=target["expr"].replace("$site", ".*"), start=start, end=now, step=step):
            points = [(float(t), float(v)) for t, v in result["values"] if math.isfinite(float(v))]
            if points:
                series.append((legend(target["legendFormat"], result["metric"]), points))
    if not series:
        out.append(f'<text x="{x + w / 2}" y="{y + h / 2}" font-size="14" fill="#777" text-anchor="middle">no data</text>')
        return
    if panel["fieldConfig"]["defaults"]["custom"]["stacking"]["mode"] == "normal":
        below, stacked = {}, []
        for name, points in series:
            stacked.append((name, [(t, v + below.get(t, 0)) for t, v in points]))
            below.update(stacked[-1][1])
        series = stacked
    values = [v for _, points in series for _, v in points]
    low, high = min(0, *values), max(values)
    high = high if high > low else low + 1
    left, right, top, bottom = x + 62, x + w - 8, y + 26, y + h - 34
    for i in range(5):
        level = low + (high - low) * i / 4
        at = bottom - (bottom - top) * i / 4
        out.append(f'<line x1="{left}" x2="{right}" y1="{at}" y2="{at}" stroke="#333"/><text x="{left - 4}" y="{at + 4}" font-size="10" fill="#888" text-anchor="end">{escape(shown(level, unit))}</text>')
    for i, (name, points) in enumerate(series):
        line = " ".join(f"{left + (right - left) * (t - start) / (now - start):.1f},{bottom - (bottom - top) * (v - low) / (high - low):.1f}" for t, v in points)
        out.append(f'<polyline points="{line}" fill="none" stroke="{COLOURS[i % len(COLOURS)]}" stroke-width="1.3"/>')
    names, at = series[:10], x + 8
    for i, (name, _) in enumerate(names):
        if at > x + w - 30:
            break
        out.append(f'<text x="{at}" y="{y + h - 10}" font-size="10" fill="{COLOURS[i % len(COLOURS)]}">{escape(name)}</text>')
        at += 6.2 * len(name) + 12


def main():
    panels = json.loads(DASHBOARD.read_text())["panels"]
    height = max(p["gridPos"]["y"] + p["gridPos"]["h"] for p in panels) * ROW + 10
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{24 * CELL}" height="{height}" font-family="DejaVu Sans, sans-serif"><rect width="100%" height="100%" fill="#111217"/>']
    for panel in panels:
        place = panel["gridPos"]
        x, y, w, h = place["x"] * CELL + 3, place["y"] * ROW + 3, place["w"] * CELL - 6, place["h"] * ROW - 6
        if panel["type"] == "row":
            out.append(f'<text x="{x + 4}" y="{y + 16}" font-size="14" fill="#ccc">{escape(panel["title"])}</text>')
            continue
        out.append(f'<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="#181b1f" stroke="#2a2d33"/><text x="{x + 8}" y="{y + 17}" font-size="12" fill="#ddd">{escape(panel["title"])}</text>')
        (draw_stat if panel["type"] == "stat" else draw_lines)(panel, x, y, w, h, out)
    pathlib.Path(OUT).write_text("\n".join(out + ["</svg>"]))


main()
