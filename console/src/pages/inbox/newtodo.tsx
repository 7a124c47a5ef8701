import { useState } from "react";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { later } from "#/ui/dialog";

const WriteTodo = later(() => import("./write").then((m) => m.WriteTodo));

/** Writes a to-do for colleagues. */
export function NewTodo() {
  const { inbox } = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{inbox.newTodo}</Button>
      <WriteTodo open={open} onClose={() => setOpen(false)} />
    </>
  );
}
