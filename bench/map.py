"""The map of 300 people in Chromium: from the arrival of its data until the picture is still.

The page is watched from inside: a script that runs before the page's own notes each frame in which
the drawing differs from the frame before. "Still" is the last such frame, after which the picture
stays the same for two seconds.
"""

import re
import shutil
import time

from playwright.sync_api import Browser, Page, sync_playwright

from bench._book import fill
from bench._machine import head, row
from bench._server import NAME, PASSWORD, served

RUNS = 5
PEOPLE, TOUCHES = 300, 1000
FLAGS = (
    "no-sandbox disable-gpu disable-background-networking disable-component-update disable-sync "
    "no-first-run"
)
WATCH = """
(() => {
  const noted = window.__bench = { changes: [], arrived: null };
  let last = "";
  new PerformanceObserver(list => list.getEntries().forEach(entry => {
    if (entry.name.includes("/map.json")) noted.arrived = entry.responseEnd;
  })).observe({ type: "resource", buffered: true });
  const look = () => {
    const canvas = document.querySelector("#map canvas");
    if (canvas && canvas.width) {
      const small = document.createElement("canvas");
      small.width = 160; small.height = 100;
      const pen = small.getContext("2d", { willReadFrequently: true });
      pen.drawImage(canvas, 0, 0, 160, 100);
      const dots = pen.getImageData(0, 0, 160, 100).data;
      let sum = 0;
      for (let i = 0; i < dots.length; i++) sum = (sum * 31 + dots[i]) | 0;
      if (sum !== last) { last = sum; noted.changes.push(performance.now()); }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""


def chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
    return next(filter(None, map(shutil.which, names)), None)


def log_in(page: Page) -> None:
    page.goto("/login")
    page.fill("#name", NAME)
    page.fill("#password", PASSWORD)
    page.click("form button")
    page.wait_for_url("**/accounts")


def one_run(browser: Browser, port: int, account: int, *, asked: str) -> tuple[float, float, int]:
    """Seconds from the data's arrival to the last change, to "drawn", and the cards drawn."""
    context = browser.new_context(
        base_url=f"http://127.0.0.1:{port}", viewport={"width": 1440, "height": 900}
    )
    context.add_init_script(WATCH)
    page = context.new_page()
    log_in(page)
    page.goto(f"/accounts/{account}/map{asked}")
    noted = settled(page)
    cards = int(page.evaluate("document.querySelector('#map').dataset.drawn || '0'"))
    context.close()
    assert cards
    assert noted["changes"]
    after = [at - noted["arrived"] for at in noted["changes"]]
    return after[-1] / 1000, after[0] / 1000, cards


def settled(page: Page) -> dict:
    """What was noted once nothing changed for two seconds; polled, as the policy wants it."""
    for _ in range(300):
        noted = page.evaluate("({...window.__bench, now: performance.now()})")
        if noted["arrived"] and noted["changes"] and noted["now"] - noted["changes"][-1] > 2000:
            return noted
        time.sleep(0.1)
    raise AssertionError("The map did not come to rest within 30 seconds.")


def book() -> None:
    fill(1, people=PEOPLE, touches=TOUCHES)


def main() -> None:
    head("Map")
    path = chromium()
    if path is None:
        print(f"| the map of {PEOPLE} people | not measured: there is no Chromium here | | |")
        return
    with served(book) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[f"--{flag}" for flag in FLAGS.split()]
        )
        for asked, what in (("?all=1", f"asked for {PEOPLE}"), ("", "as first shown")):
            found = [one_run(browser, port, 1, asked=asked) for _ in range(RUNS)]
            cards = found[0][2]
            row(
                f"data to first picture: {PEOPLE} people, {what}, {cards} cards",
                [one[1] for one in found],
            )
            row(
                f"data to the last change: {PEOPLE} people, {what}, {cards} cards",
                [one[0] for one in found],
                "at most 1 s" if asked else "",
            )
        print(f"\nChromium {re.sub(r'[^0-9.]', '', browser.version)}.")
        browser.close()


if __name__ == "__main__":
    main()
