import type { FullResult, Reporter, TestCase, TestResult } from "@playwright/test/reporter";

/** Closes the run with one line for whoever started it: `N passed, N failed`. */
export default class Tally implements Reporter {
  private passed = 0;
  private failed = 0;
  private outside = 0;

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status === "skipped") return;
    if (result.status === test.expectedStatus) this.passed += 1;
    else this.failed += 1;
  }

  /** Something that belongs to no test went wrong, such as a file that cannot be read. */
  onError(): void {
    this.outside += 1;
  }

  async onExit(): Promise<void> {
    process.stdout.write(`${this.passed} passed, ${this.failed + this.outside} failed\n`);
  }

  onEnd(result: FullResult): void {
    if (result.status === "interrupted") this.outside += 1;
  }

  printsToStdio(): boolean {
    return true;
  }
}
