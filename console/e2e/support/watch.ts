import type { ConsoleMessage, Page } from "@playwright/test";

const VIOLATION = "content security policy:";

/** Runs in every document before its own scripts, and says aloud what the policy has stopped. */
function tell(prefix: string): void {
  document.addEventListener("securitypolicyviolation", (event) => {
    console.error(prefix, event.effectiveDirective, event.blockedURI, event.sourceFile, event.lineNumber);
  });
}

/** Listens to a page: whatever it complains about and the test did not expect fails the test. */
export class Watch {
  private readonly complaints: string[] = [];
  private readonly expected = new Set<number>();
  private readonly pardoned: RegExp[] = [];

  private constructor(private readonly page: Page) {}

  static async over(page: Page): Promise<Watch> {
    const watch = new Watch(page);
    await page.addInitScript(tell, VIOLATION);
    page.on("pageerror", (error) => watch.note(`error: ${error.stack ?? error.message}`));
    page.on("console", (message) => watch.hear(message));
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // A page that is left gives up what it had asked for.
      if (why !== "net::ERR_ABORTED") watch.note(`${request.method()} ${request.url()}: ${why}`);
    });
    return watch;
  }

  /** A refusal with this status belongs to the story, so the browser's own line about it is no complaint. */
  expects(status: number): void {
    this.expected.add(status);
  }

  /** Complaints like this belong to what the test does to the page. */
  pardons(pattern: RegExp): void {
    this.pardoned.push(pattern);
  }

  private hear(message: ConsoleMessage): void {
    if (message.type() !== "error" && message.type() !== "warning") return;
    const text = message.text();
    const status = text.match(/^Failed to load resource: the server responded with a status of (\d+)/)?.[1];
    if (status && this.expected.has(Number(status))) return;
    // A warning of the browser about a font that was loaded early and used late is about speed, not about faults.
    if (message.type() === "warning" && !text.includes("Content Security Policy")) return;
    this.note(`${text} (${message.location().url})`);
  }

  private note(text: string): void {
    if (this.pardoned.some((pattern) => pattern.test(text))) return;
    this.complaints.push(`${new URL(this.page.url(), "http://none").pathname}: ${text}`);
  }

  all(): string[] {
    return this.complaints;
  }
}
