import { describe, expect, test } from "vitest";
import { plain, rank } from "./rank";

describe("what answers to what was typed", () => {
  test("case and accents do not matter", () => {
    expect(plain("Übersicht")).toBe("ubersicht");
    expect(rank("UBERSICHT", "Übersicht")).toBeGreaterThan(0);
    expect(rank("übersicht", "Ubersicht")).toBeGreaterThan(0);
  });

  test("every word has to occur, in the label or around it", () => {
    expect(rank("api ref", "API reference")).toBeGreaterThan(0);
    expect(rank("build apps", "My apps", "Build")).toBeGreaterThan(0);
    expect(rank("api xyz", "API reference")).toBe(0);
    expect(rank("inbox", "My apps", "Build")).toBe(0);
  });

  test("nothing typed leaves everything", () => {
    expect(rank("", "Home")).toBe(1);
    expect(rank("   ", "Home")).toBe(1);
  });

  test("the beginning of the label is better than that of a word, that better than the middle, and the label than the rest", () => {
    const ranks = [
      rank("plan", "Plans"),
      rank("plan", "My plans"),
      rank("plan", "Airplane"),
      rank("plan", "Limits", "plans"),
    ];
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
    expect(new Set(ranks).size).toBe(4);
    expect(rank("clients", "API-Clients")).toBe(rank("plan", "My plans"));
  });
});
