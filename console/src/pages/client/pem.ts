/** What a file or a pasted text turned out to be. */
export type Read = { certificate: string; fault?: undefined } | { certificate?: undefined; fault: "key" | "none" };

const BLOCK = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/;

/** The base64 of the first certificate in a PEM text, or of a text that is base64 already. A private key is sent nowhere. */
export function fromText(text: string): Read {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return { fault: "key" };
  const inner = BLOCK.exec(text)?.[1] ?? text;
  const certificate = inner.replace(/\s+/g, "");
  return /^[A-Za-z0-9+/]+={0,2}$/.test(certificate) && certificate.length % 4 === 0
    ? { certificate }
    : { fault: "none" };
}

/** The same of a file: PEM, base64, or the DER itself, which begins with the byte of a sequence. */
export function fromBytes(bytes: Uint8Array): Read {
  if (bytes[0] === 0x30 && bytes[1] === 0x82) {
    let binary = "";
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return { certificate: btoa(binary) };
  }
  return fromText(new TextDecoder().decode(bytes));
}
