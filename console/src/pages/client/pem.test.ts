import { expect, test } from "vitest";
import { fromBytes, fromText } from "./pem";

const DER = Uint8Array.from([0x30, 0x82, 0x01, 0x02, 0xff]);
const BASE64 = btoa(String.fromCharCode(...DER));

test("a certificate is the same from PEM, from base64 and from DER", () => {
  const pem = `Bag attributes\n-----BEGIN CERTIFICATE-----\n${BASE64.slice(0, 4)}\n${BASE64.slice(4)}\n-----END CERTIFICATE-----\n`;
  expect(fromText(pem)).toEqual({ certificate: BASE64 });
  expect(fromText(` ${BASE64}\n`)).toEqual({ certificate: BASE64 });
  expect(fromBytes(DER)).toEqual({ certificate: BASE64 });
  expect(fromBytes(new TextEncoder().encode(pem))).toEqual({ certificate: BASE64 });
});

test("a private key is not taken, and neither is anything else", () => {
  expect(fromText("-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----")).toEqual({ fault: "key" });
  const both = `-----BEGIN CERTIFICATE-----\n${BASE64}\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----`;
  expect(fromText(both)).toEqual({ fault: "key" });
  for (const text of ["", "hello world!", "-----BEGIN CERTIFICATE-----", "abc"]) {
    expect(fromText(text)).toEqual({ fault: "none" });
  }
});
