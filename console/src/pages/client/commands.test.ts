import { describe, expect, it } from "vitest";
import type { SampleCall } from "#/client/schema";
import { fileName, keyCommand, tokenCommand } from "./commands";

const sample = (security: SampleCall["security"]): SampleCall => ({
  method: "GET",
  url: "http://gateway/sandbox/orders/v1/orders",
  operation: "listOrders",
  version: { id: "ver_1", name: "v1" },
  security,
});

describe("commands beside a secret", () => {
  // F18 F22
  it("hold what they are given and nothing else: with a placeholder there is no secret in them", () => {
    const command = tokenCommand("billing", "SECRET", "http://control/oauth2/token");
    expect(command).toContain("-u 'billing:SECRET'");
    expect(command).toContain("'http://control/oauth2/token'");
    expect(command).not.toContain("wls_");
  });

  it("send an API key where the version wants it", () => {
    const url = "http://gateway/sandbox/orders/v1/orders";
    const header = sample([{ scheme: "api_key", in: "header", name: "X-Orders-Key" }]);
    expect(keyCommand(header, "K")).toBe(`curl -H 'X-Orders-Key: K' \\\n  '${url}'`);
    expect(keyCommand(sample([{ scheme: "api_key" }]), "K")).toContain("'X-API-Key: K'");
    expect(keyCommand(sample([{ scheme: "api_key", in: "query", name: "key" }]), "K")).toBe(`curl '${url}?key=K'`);
    expect(keyCommand(sample([{ scheme: "api_key", in: "cookie", name: "key" }]), "K")).toContain("-b 'key=K'");
  });

  it("are not made up for a version that takes no key", () => {
    expect(keyCommand(sample([{ scheme: "oauth" }]), "K")).toBeUndefined();
  });
});

describe("the name of a downloaded file", () => {
  it("is that of the client, as every file system takes it", () => {
    expect(fileName("Nightly export")).toBe("nightly-export");
    expect(fileName("Büro / Öffnung: 7")).toBe("buro-offnung-7");
    expect(fileName("../../etc/passwd")).toBe("etc-passwd");
    expect(fileName("日本")).toBe("client");
  });
});
