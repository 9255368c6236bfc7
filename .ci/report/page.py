"""Opens reports in a headless Chromium: python3 page.py PAILAO FOLDER [--slow] SCENARIO.toml...

Each scenario is compared in English and Chinese and, for the second time, by the Chinese outline; its page is
opened at two widths and printed. It must log nothing, ask the network for nothing, run no script, hold no image
that fails, not be wider than the window, show its figures, and be written in under 10 s after the runs (unless
--slow says that this machine or build cannot). Screenshots and PDFs stay in the folder.
"""

import os
import pathlib
import subprocess
import sys
import time

from browser import Browser

WIDTHS = (1280, 390)
LARGEST = 15_000_000
SECONDS = 10.0

# What a page must be, as an expression that lists what is wrong.
CHECKS = """(() => {
  const wrong = [];
  const root = document.documentElement;
  if (root.scrollWidth > window.innerWidth) {
    const wide = [...document.querySelectorAll('main *')]
      .filter(e => !e.closest('.scroll') && e.getBoundingClientRect().right > window.innerWidth + 1);
    wrong.push(`the body is ${root.scrollWidth} wide: ${wide.slice(0, 3).map(e => e.outerHTML.slice(0, 80))}`);
  }
  if (document.scripts.length) wrong.push('there is a script');
  if (!root.lang) wrong.push('no language');
  const levels = [...document.querySelectorAll('h1,h2,h3,h4')].map(e => +e.tagName[1]);
  if (levels[0] !== 1 || levels.filter(l => l === 1).length !== 1) wrong.push('not one h1 at the top');
  levels.forEach((l, i) => { if (i && l > levels[i - 1] + 1) wrong.push(`h${levels[i - 1]} is followed by h${l}`); });
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  if (new Set(ids).size !== ids.length) wrong.push('an identifier is there twice');
  for (const e of document.querySelectorAll('*'))
    for (const a of e.attributes) if (a.name.startsWith('on')) wrong.push(`${e.tagName} has ${a.name}`);
  for (const e of document.querySelectorAll('figure svg'))
    if (e.getAttribute('role') !== 'img' || !e.querySelector('title')) wrong.push('a figure without words');
  for (const e of document.querySelectorAll('figure img'))
    if (!e.naturalWidth || !e.alt) wrong.push('an image that fails, or without words');
  for (const e of document.querySelectorAll('thead th, tbody th'))
    if (!e.scope) wrong.push('a head of a table without scope');
  if (!document.querySelectorAll('figure').length) wrong.push('no figure');
  return wrong;
})()"""


def compare(program, scenario, out, *options):
    """Makes a study and gives how long it took."""
    began = time.monotonic()
    subprocess.run([program, "compare", scenario, "--out", out, "--quiet", *options], check=True)
    return time.monotonic() - began


def main():
    program, folder, *scenarios = sys.argv[1:]
    slow = "--slow" in scenarios
    scenarios = [scenario for scenario in scenarios if scenario != "--slow"]
    failures = []
    with Browser() as browser:
        for scenario in map(pathlib.Path, scenarios):
            out = pathlib.Path(folder) / scenario.stem
            compare(program, scenario, out, "--no-plots")
            kinds = [("en", "decision"), ("zh", "decision"), ("en", "cn-98"), ("zh", "cn-98")]
            for language, template in kinds:
                # the first of them draws all pictures into files too, as a user would
                plots = [] if (language, template) == kinds[0] else ["--no-plots"]
                took = compare(program, scenario, out, "--lang", language, "--template", template, *plots)
                page = out / f"{template}-{language}.html"
                os.replace(out / "report.html", page)
                name = f"{scenario.stem} {template} {language}"
                size = page.stat().st_size
                wrong = []
                if size > LARGEST:
                    wrong.append(f"{size} bytes")
                if took > SECONDS and not slow:
                    wrong.append(f"written in {took:.1f} s")
                for width in WIDTHS:
                    browser.open(page.resolve().as_uri(), width)
                    wrong += [f"at {width}: {what}" for what in browser.value(CHECKS) + browser.complaints()]
                    browser.screenshot(page.with_suffix(f".{width}.png"), clip=(0, 0, width, 1600))
                printed = browser.pdf(page.with_suffix(".pdf"))
                wrong += browser.complaints()
                if printed < 50_000:
                    wrong.append(f"the PDF has {printed} bytes only")
                print(f"{'FAIL' if wrong else 'pass'} {name}: {size / 1e6:.1f} MB, {took:.1f} s, PDF {printed / 1e6:.1f} MB")
                failures += [f"{name}: {what}" for what in wrong]
    for failure in failures:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
