import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../..");
const OUT = join(ROOT, "console/e2e/.out");
const PATIENCE = 30_000;

function binary(): string {
  const path = resolve(process.env.WAYLEAVE_BIN ?? join(ROOT, "target/debug/wayleave"));
  if (!existsSync(path)) throw new Error(`there is no ${path}: build it, or name another in WAYLEAVE_BIN`);
  return path;
}

/** Settings of whoever runs the tests are not those of the tests; only another console may be tried. */
function surroundings(settings: Record<string, string>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => name === "WAYLEAVE_CONSOLE" || !name.startsWith("WAYLEAVE_"),
  );
  return { ...Object.fromEntries(own), ...settings };
}

/** One process of the real program. It ends with its test, and also if the tests are killed: its shell reads our pipe. */
export class Running {
  private output = "";
  private errors = "";
  private ended: Promise<void>;
  private over = false;

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on("data", (chunk: Buffer) => {
      this.output += chunk.toString();
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      this.errors += chunk.toString();
    });
    this.ended = new Promise((done) => {
      child.once("exit", () => {
        this.over = true;
        done();
      });
    });
  }

  static start(args: string[], folder: string, settings: Record<string, string>): Running {
    // The shell ends the program when our end of the pipe is closed, by us or because we are gone.
    const script = 'exec 3<&0; "$@" & program=$!; (cat <&3 >/dev/null; kill $program 2>/dev/null) & wait $program';
    const child = spawn("sh", ["-c", script, "sh", binary(), ...args], {
      cwd: folder,
      env: surroundings(settings),
      stdio: ["pipe", "pipe", "pipe"],
    });
    return new Running(child);
  }

  /** The first match of something that the program prints when it is ready. */
  async says(pattern: RegExp): Promise<string> {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const found = this.output.match(pattern)?.[1];
      if (found) return found;
      if (this.over || Date.now() > end) {
        throw new Error(`the program did not say ${pattern}:\n${this.output}\n${this.errors}`);
      }
      await new Promise((next) => setTimeout(next, 20));
    }
  }

  async end(name: string): Promise<void> {
    this.child.stdin?.end();
    const stubborn = setTimeout(() => this.child.kill("SIGKILL"), 15_000);
    await this.ended;
    clearTimeout(stubborn);
    if (this.errors) {
      mkdirSync(OUT, { recursive: true });
      appendFileSync(join(OUT, `${name}.log`), this.errors);
    }
  }
}

/** The program and an upstream for its gateway, in a folder of their own, with nothing in the database. */
export class Program {
  private constructor(
    /** Where the console and the management interface are. */
    readonly url: string,
    readonly gateway: string,
    /** An upstream that answers what the documents of `demo/openapi` promise. */
    readonly upstream: string,
    private readonly folder: string,
    private readonly server: Running,
    private readonly sample: Running,
  ) {}

  static async start(): Promise<Program> {
    const folder = mkdtempSync(join(tmpdir(), "wayleave-e2e-"));
    const any = "127.0.0.1:0";
    const sample = Running.start(["sample"], folder, {});
    const server = Running.start(["serve"], folder, {
      WAYLEAVE_LISTEN: any,
      WAYLEAVE_GATEWAY_LISTEN: any,
      WAYLEAVE_OPERATIONS_LISTEN: any,
      WAYLEAVE_DATA: join(folder, "data"),
      WAYLEAVE_REGISTRATION: "open",
      // Every call can be looked up, the ones that pass too.
      WAYLEAVE_DECISION_SAMPLE: "1.0",
      WAYLEAVE_GATEWAY_THREADS: "1",
      WAYLEAVE_LOG: "warn",
    });
    try {
      const url = await server.says(/^Console\s+(http\S+)/m);
      const gateway = await server.says(/Gateway\s+(http\S+)/);
      await ready(await server.says(/Operations\s+(http\S+)/));
      const upstream = await sample.says(/Sample upstream\s+(http\S+)/);
      return new Program(url, gateway, upstream, folder, server, sample);
    } catch (error) {
      await Promise.all([server.end("server"), sample.end("sample")]);
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** The password of the first start. */
  firstPassword(): string {
    const text = readFileSync(join(this.folder, "data/first-login.txt"), "utf8");
    const found = text.match(/^admin (\S+)/m)?.[1];
    if (!found) throw new Error("the first start has left no password");
    return found;
  }

  async end(): Promise<void> {
    await Promise.all([this.server.end("server"), this.sample.end("sample")]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function ready(address: string): Promise<void> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const answer = await fetch(address).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > end) throw new Error(`${address} does not say that the program is ready`);
    await new Promise((next) => setTimeout(next, 20));
  }
}

/** An OpenAPI document that the demo brings with it, and where the sample upstream serves it. */
export const DOCUMENTS = {
  petstore: { file: "petstore-3.0.yaml", mount: "/petstore/v1", version: "v1", path: "/pets" },
  purge: { file: "akamai-ccu-v3.json", mount: "/ccu/v3", version: "v3", path: "/delete/tag" },
} as const;

export function document(name: keyof typeof DOCUMENTS): { path: string; text: string } {
  const path = join(ROOT, "demo/openapi", DOCUMENTS[name].file);
  return { path, text: readFileSync(path, "utf8") };
}

/** The headings of the program's own reference: its document is in English, in whatever language the console speaks. */
export function ownTags(): string[] {
  const { paths } = JSON.parse(readFileSync(join(ROOT, "openapi.json"), "utf8")) as {
    paths: Record<string, Record<string, { tags?: string[] }>>;
  };
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  return [...new Set(operations.flatMap((operation) => operation.tags ?? []))];
}
