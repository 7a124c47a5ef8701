import { expect, test } from "vitest";
import { browserOf } from "./browser";

const MOZILLA = "Mozilla/5.0";

test("browsers are told apart although most of them claim to be all others", () => {
  const chrome = `${MOZILLA} (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36`;
  expect(browserOf(chrome)).toEqual({ browser: "Chrome", system: "Linux" });
  expect(browserOf(`${chrome} Edg/140.0`)).toEqual({ browser: "Edge", system: "Linux" });
  expect(browserOf(chrome.replace("Chrome", "HeadlessChrome"))).toMatchObject({ browser: "Chromium (headless)" });
  expect(browserOf(`${MOZILLA} (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0`)).toEqual({
    browser: "Firefox",
    system: "Windows",
  });
  const safari = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15";
  expect(browserOf(`${MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) ${safari}`)).toEqual({
    browser: "Safari",
    system: "macOS",
  });
  expect(browserOf(`${MOZILLA} (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${safari}`)).toEqual({
    browser: "Safari",
    system: "iOS",
  });
  expect(browserOf(`${MOZILLA} (Linux; Android 15) ${safari.replace("Version/18.0", "Chrome/140.0 Mobile")}`)).toEqual({
    browser: "Chrome",
    system: "Android",
  });
});

test("what is no browser is not taken for one", () => {
  expect(browserOf("curl/8.9.0")).toEqual({ browser: "curl", system: undefined });
  expect(browserOf("")).toEqual({ browser: undefined, system: undefined });
});
