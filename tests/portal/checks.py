"""What holds of every page, asked of a page that is open in the browser."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parent / "js" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
WIDTHS = (320, 360, 768, 1280, 2560)
HEIGHT = 800

_JUDGE = """async rules => {
  const found = await axe.run(document, {
    runOnly: rules, resultTypes: ["violations"], preload: false,
  });
  return found.violations.map(rule => [rule.id, rule.help, rule.nodes.slice(0, 8).map(node =>
    node.target.join(" ") + " " + (node.any[0] ?? node.all[0] ?? node.none[0])?.message)]);
}"""
_TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = node => node !== document.body && node !== document.documentElement
    && ["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(node).overflowX);
  const inside = node => { for (let up = node.parentElement; up; up = up.parentElement)
    if (scrolls(up)) return true; return false; };
  return ["page " + document.documentElement.scrollWidth].concat(
    [...document.body.querySelectorAll("*")]
    .filter(node => node.getBoundingClientRect().right > width + 1 && !inside(node))
    .map(node => node.tagName + "." + node.className).slice(0, 8));
}"""
_LARGE_TEXT = "percent => { document.documentElement.style.fontSize = percent; }"
_REACHABLE = """() => {
  const wanted = "a[href], button, input, select, textarea, summary, [tabindex]";
  const seen = node => node.checkVisibility({visibilityProperty: true})
    && node.getClientRects().length > 0;
  const groups = new Set();
  window.reachable = [...document.querySelectorAll(wanted)].filter(node => {
    if (node.disabled || node.tabIndex < 0 || !seen(node) || node.closest("[inert]")) return false;
    if (node.type === "radio") {
      const group = (node.form?.action ?? "") + node.name;
      if (groups.has(group)) return false;
      groups.add(group);
    }
    return true;
  });
  window.reached = new Set();
  window.unseen = new Set();
  const framed = node => [null, "::before", "::after"].some(part => {
    const style = getComputedStyle(node, part);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  document.addEventListener("focusin", event => {
    const node = event.target;
    window.reached.add(node);
    if (![node, node.parentElement, node.parentElement?.parentElement, node.nextElementSibling]
      .some(one => one && framed(one))) window.unseen.add(node);
    if (node.type === "radio") window.reachable
      .filter(one => one.type === "radio" && one.form === node.form && one.name === node.name)
      .forEach(one => window.reached.add(one));
  });
  return window.reachable.length;
}"""
_SHORT = "node => node.outerHTML.slice(0, 160)"
_MISSED = f"() => window.reachable.filter(node => !window.reached.has(node)).map({_SHORT})"
_UNSEEN = f"() => [...window.unseen].map({_SHORT})"


def assert_accessible(page: Page) -> None:
    """axe finds nothing in the page as it stands (WCAG 2.2 AA and good practice)."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[Any] = page.evaluate(_JUDGE, RULES)
    assert not found, "\n".join(map(str, found))


def assert_fits(page: Page, widths: Iterable[int] = WIDTHS) -> None:
    """Nothing scrolls sideways, at any width, at 200 % zoom, and with text twice as large."""
    faults = {}
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        faults[f"{width} px"] = page.evaluate(_TOO_WIDE)
    page.set_viewport_size({"width": 640, "height": HEIGHT // 2})  # 1280 px at 200 %
    faults["200 % zoom"] = page.evaluate(_TOO_WIDE)
    page.set_viewport_size({"width": 1280, "height": HEIGHT})
    page.evaluate(_LARGE_TEXT, "200%")
    faults["200 % text"] = page.evaluate(_TOO_WIDE)
    page.evaluate(_LARGE_TEXT, "")
    assert not any(faults.values()), {name: fault for name, fault in faults.items() if fault}


def assert_keyboard_reaches_all(page: Page) -> None:
    """Tab alone comes to everything that can be acted on, and is seen where it is."""
    page.evaluate("() => document.activeElement?.blur()")
    for _ in range(page.evaluate(_REACHABLE) + 20):
        page.keyboard.press("Tab")
    missed, unseen = page.evaluate(_MISSED), page.evaluate(_UNSEEN)
    assert not missed, missed
    assert not unseen, unseen


def assert_good(page: Page) -> None:
    """All that is asked of a page that can be asked at once; requests are watched by ``visit``."""
    assert_accessible(page)
    assert_fits(page)
