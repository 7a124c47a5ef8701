/** Dangerous writes ask for the password again. The dialog registers itself here; requests wait for its answer. */
type Ask = () => Promise<boolean>;

let dialog: Ask | undefined;

export function answerWith(ask: Ask | undefined): void {
  dialog = ask;
}

/** Whether the person has shown who they are. */
export function askPassword(): Promise<boolean> {
  return dialog ? dialog() : Promise.resolve(false);
}
