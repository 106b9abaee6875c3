"""A headless Chromium, spoken to by the DevTools protocol over a pipe: what a page draws is read from it, not from its sources."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Seconds. Only a hang takes so long.
TIMEOUT = 120

needs_chromium = unittest.skipUnless(CHROMIUM, "needs chromium (Debian: apt-get install chromium)")


class Browser:
    """One page at a time; WebGL by software, so that it draws the same on any machine."""

    def __init__(self, width=1300, height=900):
        self._folder = tempfile.mkdtemp(prefix="denoise-chromium-")
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()

        def pipes():
            # Through numbers that neither has: one may be the other's.
            first, second = os.dup(to_browser), os.dup(from_browser)
            os.dup2(first, 3)
            os.dup2(second, 4)

        self._process = subprocess.Popen(
            [CHROMIUM, "--headless", "--no-sandbox", "--remote-debugging-pipe", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
             "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars", f"--window-size={width},{height}",
             f"--user-data-dir={self._folder}"],
            close_fds=False, preexec_fn=pipes, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self._received = b""
        self._count = 0
        self.problems = []
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self._call(f"{domain}.enable")
        # A report must not need a network.
        self._call("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)

    def open(self, path):
        """Shows a file; problems are what its console and exceptions said."""
        self.problems = []
        self._call("Page.navigate", url=f"file://{path}")
        self.wait_for("document.readyState === 'complete'")

    def value(self, expression):
        """Of an expression, promises awaited."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise AssertionError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait_for(self, expression):
        """Until it is true."""
        end = time.monotonic() + TIMEOUT
        while not self.value(expression):
            if time.monotonic() > end:
                raise AssertionError(f"in {TIMEOUT} s it was never true: {expression}")
            time.sleep(0.05)

    def mouse(self, kind, x, y, **more):
        self._call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def screenshot(self, path, whole=False, clip=None):
        """As PNG; clip: a part of the page, its x, y, width, height and scale."""
        more = {"clip": clip} if clip else {}
        data = self._call("Page.captureScreenshot", format="png", captureBeyondViewport=whole, **more)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def close(self):
        self._process.terminate()
        self._process.wait(TIMEOUT)
        os.close(self._write)
        os.close(self._read)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _call(self, method, **parameters):
        self._count += 1
        message = {"id": self._count, "method": method, "params": parameters}
        if hasattr(self, "_session"):
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._count:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                return answer["result"]
            self._note(answer)

    def _note(self, event):
        parameters = event.get("params", {})
        if event.get("method") == "Runtime.exceptionThrown":
            self.problems.append(json.dumps(parameters["exceptionDetails"]))
        elif event.get("method") == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.problems.append(parameters["entry"]["text"])
        elif event.get("method") == "Network.requestWillBeSent":
            url = parameters["request"]["url"]
            if not url.startswith(("file:", "data:", "blob:")):
                self.problems.append(f"asks the network for {url}")

    def _receive(self):
        while b"\0" not in self._received:
            received = os.read(self._read, 1 << 20)
            if not received:
                raise AssertionError("chromium has ended")
            self._received += received
        message, _, self._received = self._received.partition(b"\0")
        return json.loads(message)
