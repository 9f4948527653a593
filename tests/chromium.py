"""The Chromium that the browser tests use: found where it lies, installed once where it is missing.

As a program, it brings what is missing: Debian's packages where apt and root are at hand, else Playwright's own build.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence

from programs import are_required, run

SHELL = "chromium-headless-shell"
"""Chromium without windows. Each page of a whole one has a window, which nobody sees and which costs more than the page."""
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome")
MISSING = (
    "The tests that need a browser are skipped: no Chromium was found, and none could be installed. / "
    "没有找到 Chromium，也没有装上，需要浏览器的测试都跳过了。"
)
REQUIRED = (
    "BROWSER_TESTS=required, but no Chromium was found, and none could be installed. / "
    "设定了 BROWSER_TESTS=required，但是没有找到 Chromium，也没有装上。"
)
INSTALLING = (
    "Installing {what} for the browser tests; this is needed once … / 正在安装浏览器测试所需的 {what}，只需一次……"
)
FONTLESS = "No Chinese font was found: Chinese in screenshots is boxes. / 没有找到中文字体：截图里的中文会显示为方框。"


def find_chromium() -> str | None:
    """Return the path of a Chromium: one on the PATH, else the one that Playwright has installed."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.access(path, os.X_OK) else None


def has_chinese_font() -> bool:
    """Return false where fontconfig, which Chromium asks on Linux, knows no font for Chinese."""
    if not shutil.which("fc-list"):
        return sys.platform != "linux"
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, check=False)
    return bool(listed.stdout.strip())


class Installer:
    """The ways to bring a browser and a Chinese font onto this machine; what it runs and what it finds can be replaced."""

    def __init__(
        self,
        run: Callable[[Sequence[str]], bool],
        say: Callable[[str], None],
        browser: Callable[[], str | None] = find_chromium,
        font: Callable[[], bool] = has_chinese_font,
        root: Callable[[], bool] = lambda: os.geteuid() == 0,
        shell: Callable[[], bool] = lambda: shutil.which(SHELL) is not None,
    ) -> None:
        self._run, self._say, self._browser, self._font, self._root = run, say, browser, font, root
        self._shell = shell

    def bring(self, *, required: bool) -> int:
        """Install what is missing, by a sentence for each; returns the status to end with."""
        apt = self._apt()
        fonts = [] if self._font() else ["fonts-noto-cjk"]
        wanted = fonts if self._shell() else [SHELL, *fonts]
        if wanted and apt:
            self._say(INSTALLING.format(what=", ".join(wanted)))
            self._run([*apt, "update", "-qq"])
            install = [*apt, "install", "-y", "-qq", "--no-install-recommends"]
            if not self._run([*install, *wanted]):
                # Not every Debian has the shell; a whole Chromium is as good, and takes longer.
                others = fonts if self._browser() else ["chromium", *fonts]
                if others not in ([], wanted):
                    self._run([*install, *others])
        if self._browser() is None:
            self._say(INSTALLING.format(what="Chromium (Playwright)"))
            self._run([sys.executable, "-m", "playwright", "install", "chromium"])
        if self._browser() is None:
            self._say(REQUIRED if required else MISSING)
            return 1 if required else 0
        if not self._font():
            self._say(FONTLESS)
        return 0

    def _apt(self) -> list[str]:
        """Return the command that installs Debian's packages without a question; empty where there is none."""
        if not self._run(["apt-get", "--version"]):
            return []
        if self._root():
            return ["apt-get"]
        return ["sudo", "-n", "apt-get"] if self._run(["sudo", "-n", "true"]) else []


if __name__ == "__main__":
    sys.exit(
        Installer(run, lambda text: print(text, file=sys.stderr, flush=True)).bring(
            required=are_required(os.environ, "BROWSER")
        )
    )
