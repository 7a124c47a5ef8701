import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useText } from "#/i18n";
import { buttonClass } from "./button";

/** Milliseconds that a message stays; longer while the pointer or the focus is on it. */
const STAYS = 7000;

export function Toasts({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider timeout={STAYS}>
      {children}
      <Shown />
    </Toast.Provider>
  );
}

/** Says that something was done. Never the only place of an information; `undo` offers the way back. */
export function useToast() {
  const manager = Toast.useToastManager();
  const { common } = useText();
  return (title: string, undo?: () => void) => {
    const back = () => {
      manager.close(id);
      undo?.();
    };
    const id = manager.add({ title, actionProps: undo ? { children: common.undo, onClick: back } : undefined });
  };
}

function Shown() {
  const { toasts } = Toast.useToastManager();
  const { shell } = useText();
  return (
    <Toast.Portal>
      <Toast.Viewport
        aria-label={shell.notifications}
        className="fixed right-4 bottom-4 z-60 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2"
      >
        {toasts.map((toast) => (
          <Toast.Root
            key={toast.id}
            toast={toast}
            className="rounded-md border border-line bg-surface shadow-xl transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0"
          >
            <Toast.Content className="flex items-center gap-3 p-3">
              <Toast.Title className="min-w-0 flex-1" />
              {toast.actionProps ? <Toast.Action className={buttonClass("plain", true)} /> : null}
              <Toast.Close
                aria-label={shell.dismiss}
                className="inline-flex size-7 items-center justify-center rounded-md hover:bg-sunken"
              >
                <X size={16} aria-hidden="true" />
              </Toast.Close>
            </Toast.Content>
          </Toast.Root>
        ))}
      </Toast.Viewport>
    </Toast.Portal>
  );
}
