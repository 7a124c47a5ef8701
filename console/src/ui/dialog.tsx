import { Dialog as Base } from "@base-ui/react/dialog";
import { type ComponentType, type FormEvent, lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { useText } from "#/i18n";
import { Button } from "./button";
import { TextInput } from "./field";
import { ProblemBanner } from "./problem";

type DialogProps = {
  open: boolean;
  /** Asked to close: by Escape, a press outside, or the cross. */
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** Neither Escape nor a press outside closes it: only what is in it does. */
  stays?: boolean;
  wide?: boolean;
  /** What has the focus when it has closed, if not what opened it. */
  focusAfter?: () => HTMLElement | null;
  /** What has it when it opens, if not the first control. */
  focusFirst?: () => HTMLElement | null;
};

/** What opened the dialog may be gone when it has closed: then the heading of the page has the focus, not nothing. */
function settleFocus() {
  const settle = () => {
    if (document.activeElement === document.body)
      document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
  };
  requestAnimationFrame(() => requestAnimationFrame(settle));
}

export function Dialog({ open, onClose, title, children, stays, wide, focusAfter, focusFirst }: DialogProps) {
  const isOpen = useRef(open);
  useEffect(() => {
    isOpen.current = open;
  }, [open]);
  useEffect(
    () => () => {
      if (isOpen.current) settleFocus();
    },
    [],
  );
  return (
    <Base.Root
      open={open}
      disablePointerDismissal={stays}
      onOpenChangeComplete={(shown) => shown || settleFocus()}
      onOpenChange={(next, details) => {
        if (next) return;
        if (stays && details.reason === "escape-key") details.cancel();
        else onClose();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-shade transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          initialFocus={focusFirst}
          finalFocus={focusAfter}
          className={`fixed top-1/2 left-1/2 z-50 max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] -translate-1/2 overflow-y-auto rounded-xl border border-line bg-surface p-6 text-ink shadow-2xl transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0 ${wide ? "max-w-3xl" : "max-w-[34rem]"}`}
        >
          <Base.Title className="mb-3 text-lg font-bold">{title}</Base.Title>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

export function DialogButtons({ children }: { children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap justify-end gap-2">{children}</div>;
}

type ConfirmProps = {
  open: boolean;
  onClose: () => void;
  title: string;
  /** What happens then, with numbers where there are any. */
  children: ReactNode;
  verb: string;
  danger?: boolean;
  /** For what cannot be undone: this name has to be typed. */
  typed?: string;
  busy?: boolean;
  error?: unknown;
  onConfirm: () => void;
};

/** Says what will happen, and does it only then. */
export function Confirm({ open, onClose, title, children, verb, danger, typed, busy, error, onConfirm }: ConfirmProps) {
  const { common } = useText();
  const [name, setName] = useState("");
  const ready = typed === undefined || name === typed;
  const close = () => {
    setName("");
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !busy) onConfirm();
  };
  return (
    <Dialog open={open} onClose={close} title={title}>
      <form onSubmit={submit}>
        {error ? <ProblemBanner error={error} /> : null}
        <div className="mb-4 text-ink">{children}</div>
        {typed === undefined ? null : (
          <TextInput label={common.typeName(typed)} name="typed" value={name} onValue={setName} autoComplete="off" />
        )}
        <DialogButtons>
          <Button onClick={close}>{common.cancel}</Button>
          <Button type="submit" kind={danger ? "danger" : "primary"} busy={busy} disabled={!ready}>
            {verb}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

/**
 * A dialog that is loaded when it is first opened, and drawn from then on, so that it closes as any other. It is drawn
 * whole or not at all: the focus goes to its first control.
 */
export function later<P extends { open: boolean }>(load: () => Promise<ComponentType<P>>) {
  const Loaded = lazy(async () => ({ default: (await load()) as ComponentType<{ open: boolean }> }));
  return function Later(props: P) {
    const [wanted, setWanted] = useState(props.open);
    if (props.open && !wanted) setWanted(true);
    return wanted ? (
      <Suspense fallback={null}>
        <Loaded {...props} />
      </Suspense>
    ) : null;
  };
}
