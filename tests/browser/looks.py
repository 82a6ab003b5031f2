"""What a page looks like, measured as the browser computed it. Every function names the offenders."""

from __future__ import annotations

from playwright.sync_api import Locator

TOOLS = """
const parent = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null;
const up = function* (node) { for (let at = node; at; at = parent(at)) yield at; };
const shown = (node) => {
  const box = node.getBoundingClientRect();
  const style = getComputedStyle(node);
  if (box.width <= 1 || box.height <= 1 || style.visibility === "hidden") return false;
  return ![...up(node)].some((one) => one.classList?.contains("sr") || one.hasAttribute("inert"));
};
const inside = function* (root) {
  for (const node of root.querySelectorAll("*")) { yield node; if (node.shadowRoot) yield* inside(node.shadowRoot); }
};
const words = (node) => [...node.childNodes].filter((one) => one.nodeType === 3).map((one) => one.data.trim()).join(" ").trim();
const name = (node) => `${node.tagName.toLowerCase()}.${[...node.classList].join(".")} "${node.textContent.trim().slice(0, 20)}"`;
const all = [...inside(host.shadowRoot)].filter(shown);
const texts = all.filter((node) => words(node) || node.placeholder);
"""
COLOURS = """
const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
const read = (colour) => {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
  return [r, g, b, a / 255];
};
const over = ([r, g, b, a], below) => [r, g, b].map((part, n) => part * a + below[n] * (1 - a));
const behind = (node) => {
  const layers = [...up(node)].map((one) => read(getComputedStyle(one).backgroundColor));
  const end = layers.findIndex((layer) => layer[3] === 1);
  return layers.slice(0, end < 0 ? layers.length : end + 1).reduceRight((below, layer) => over(layer, below), [255, 255, 255]);
};
const light = (rgb) => {
  const [r, g, b] = rgb.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};
"""


def small_texts(element: Locator, at_least: float) -> list[str]:
    """Return the words in a custom element that are set smaller than so many px."""
    return _offenders(
        element,
        """texts.map((node) => [name(node), parseFloat(getComputedStyle(node).fontSize)])
           .filter(([, size]) => size < limit).map(([what, size]) => `${what} ${size} px`)""",
        at_least,
    )


def contrasts_below(element: Locator, at_least: float) -> list[str]:
    """Return the words whose contrast with what lies behind them is lower (WCAG 2.2, relative luminance)."""
    return _offenders(
        element,
        """texts.map((node) => {
             const style = getComputedStyle(node, words(node) ? null : "::placeholder");
             const ground = behind(node);
             return [name(node), contrast(over(read(style.color), ground), ground)];
           }).filter(([, ratio]) => ratio < limit).map(([what, ratio]) => `${what} ${ratio.toFixed(2)}:1`)""",
        at_least,
    )


def small_targets(element: Locator, at_least: float) -> list[str]:
    """Return the controls that are smaller than so many px in either direction; a hidden input counts as its label."""
    return _offenders(
        element,
        """all.filter((node) => node.matches("button, summary, textarea, select, label, a[href]"))
           .map((node) => [name(node), node.getBoundingClientRect()])
           .filter(([, box]) => Math.min(box.width, box.height) < limit - 0.5)
           .map(([what, box]) => `${what} ${Math.round(box.width)} × ${Math.round(box.height)}`)""",
        at_least,
    )


def _offenders(element: Locator, expression: str, limit: float) -> list[str]:
    return list(element.evaluate(f"(host, limit) => {{ {TOOLS} {COLOURS} return {expression}; }}", limit))
