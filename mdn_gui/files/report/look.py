"""The looks of a report: its colours in light, in dark, its style sheet."""

from mdn_gui.files.report.drawing import FAMILY

LIGHT = {
    "window": "#f5f7fa",
    "base": "#ffffff",
    "border": "#d5dbe3",
    "text": "#1b2430",
    "muted": "#5a6472",
    "accent": "#0b63ce",
    "points": "#7d8590",
    "train": "#7b8592",
    "region": "#0c6e78",
    "caution": "#855400",
}
DARK = {
    "window": "#1b2028",
    "base": "#12161b",
    "border": "#353e4a",
    "text": "#e8ecf1",
    "muted": "#9aa5b3",
    "accent": "#5aa7ff",
    "points": "#6d7680",
    "train": "#8d98a6",
    "region": "#57c7d4",
    "caution": "#e3b667",
}
LIGHT_COMPONENTS = ("#1077bb", "#e17126", "#3d7b1b", "#c16195", "#997851", "#5b4fc4", "#3d8fb8")
DARK_COMPONENTS = ("#32bff7", "#ff8441", "#0ebe8e", "#e693bb", "#eec541", "#9a86ff", "#9fd6e0")
"""Those of the window, of components 1, 2, ...; they repeat, markers tell components apart."""

_RULES = """
* { box-sizing: border-box; }
body { margin: 0; background: var(--window); color: var(--text); font: 15px/1.5 FAMILY; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--border); }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; overflow-wrap: anywhere; }
p { margin: .5rem 0; overflow-wrap: anywhere; }
.lead { font-size: 1.1rem; }
.muted, figcaption { color: var(--muted); }
.caution { color: var(--caution); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; margin: .5rem 0; }
th, td { padding: .25rem .9rem .25rem 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--border); }
th { color: var(--muted); font-weight: 600; }
td { overflow-wrap: anywhere; min-width: 3rem; unicode-bidi: plaintext; }
th.number, td.number { text-align: right; white-space: nowrap; }
tr.shown td { font-weight: 600; }
figure { margin: 1rem 0; break-inside: avoid; }
figcaption { font-size: .9rem; margin-top: .25rem; }
.side { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; break-inside: avoid; }
pre { background: var(--base); border: 1px solid var(--border); border-radius: 6px; padding: .75rem 1rem;
  white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; }
.picture { max-width: 100%; height: auto; display: block; font: 12px FAMILY; }
svg text { fill: var(--muted); font-variant-numeric: tabular-nums; }
svg .name { fill: var(--text); }
svg .halo { stroke: var(--base); stroke-width: 3px; fill: var(--base); }
svg .ground { fill: var(--base); stroke: var(--border); }
svg .grid { stroke: var(--border); stroke-width: .7; fill: none; opacity: .7; }
svg .line { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
svg .thin { fill: none; stroke-width: 1.1; stroke-linejoin: round; }
svg .dashed { stroke-dasharray: 5 4; }
svg .middling { opacity: .75; }
svg .light { opacity: .4; }
svg .points { fill: none; stroke: var(--points); stroke-width: 3.2; stroke-linecap: round; opacity: .65; }
svg .area { stroke: none; opacity: .16; }
svg .ground-area { stroke: none; opacity: .13; }
svg .strong { stroke: none; opacity: .28; }
svg .soft { stroke: none; opacity: .1; }
svg .softest { stroke: none; opacity: .05; }
svg .bar { stroke: var(--base); stroke-width: 1; opacity: .75; }
"""


def style_sheet() -> str:
    """Return the rules for light, dark, paper."""
    strokes = "\n".join(
        f"svg .{kind}-{name} {{ {kind}: var(--{name}); }}"
        for kind in ("stroke", "fill")
        for name in (*LIGHT, *(f"c{k}" for k in range(len(LIGHT_COMPONENTS))))
    )
    light, dark = _variables(LIGHT, LIGHT_COMPONENTS), _variables(DARK, DARK_COMPONENTS)
    paper = "@media print { body { font-size: 11px; } main { max-width: none; padding: 0; } }"
    return (
        f":root {{ color-scheme: light dark; {light} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n{paper}\n"
        f"{_RULES.replace('FAMILY', FAMILY)}{strokes}\n"
    )


def component_class(k: int) -> str:
    """Return the name of the colour of component k, counted from 0."""
    return f"c{k % len(LIGHT_COMPONENTS)}"


def _variables(colours: dict[str, str], components: tuple[str, ...]) -> str:
    named = {**colours, **{f"c{k}": colour for k, colour in enumerate(components)}}
    return " ".join(f"--{name}: {colour};" for name, colour in named.items())
