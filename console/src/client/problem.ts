import type { Problem } from "./schema";

/** What the server answered when it refused, or what stands for it when there was no answer at all. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = "ProblemError";
  }
}

/** The problem behind anything that was thrown. `unreachable` and `unexpected` are the console's own codes. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const code = error instanceof TypeError ? "unreachable" : "unexpected";
  const detail = error instanceof Error ? error.message : String(error);
  return { type: "", title: code, status: 0, code, detail, request_id: "" };
}

type FieldFault = NonNullable<Problem["errors"]>[number];

/** What is wrong with one field of a form, by the JSON pointer of the body's member. */
export function fieldFault(error: unknown, pointer: string): FieldFault | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  return error.problem.errors?.find((field) => field.pointer === pointer || field.pointer === `/${pointer}`);
}

/** The server's words for one field of a form. */
export function fieldError(error: unknown, pointer: string): string | undefined {
  return fieldFault(error, pointer)?.detail;
}

/** Whether every fault of a problem belongs to one of these fields, so that a banner would only repeat them. */
export function isAboutFields(error: unknown, pointers: string[]): boolean {
  const errors = problemOf(error).errors ?? [];
  return errors.length > 0 && errors.every((field) => pointers.includes(field.pointer.replace(/^\//, "")));
}
