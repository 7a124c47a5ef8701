import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A page of somebody else, as an attacker would write it: served from another origin than ours. */
export class Elsewhere {
  private constructor(
    /** Another port of the same host: the same site, so cookies come along. */
    readonly neighbour: string,
    /** Another host. */
    readonly stranger: string,
    readonly end: () => Promise<void>,
  ) {}

  static async serve(html: string): Promise<Elsewhere> {
    const server = createServer((_, answer) => {
      answer.writeHead(200, { "Content-Type": "text/html" });
      answer.end(`<!doctype html><title>Elsewhere</title><h1>Elsewhere</h1>${html}`);
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const { port } = server.address() as AddressInfo;
    const end = () => new Promise<void>((done) => server.close(() => done()));
    return new Elsewhere(`http://127.0.0.1:${port}/`, `http://localhost:${port}/`, end);
  }
}
