import { Search } from "lucide-react";
import { useEffect, useId, useState } from "react";

/** How long nothing is typed before it is searched, in milliseconds. */
const PAUSE = 250;

/** Words to search a list by. They belong into the address: `onValue` gets them when the typing pauses. */
export function SearchBox({
  label,
  value,
  onValue,
}: {
  label: string;
  value: string;
  onValue: (value: string) => void;
}) {
  const id = useId();
  const [typed, setTyped] = useState(value);
  const [last, setLast] = useState(value);
  // The address changed by other means, for example by Back.
  if (value !== last) {
    setLast(value);
    if (value !== typed.trim()) setTyped(value);
  }
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => onValue(typed.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [typed, value, onValue]);
  return (
    <div className="relative mb-4 w-full max-w-96">
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <Search size={16} aria-hidden="true" className="pointer-events-none absolute top-2.5 left-2.5 text-muted" />
      <input
        id={id}
        type="search"
        value={typed}
        placeholder={label}
        onChange={(event) => setTyped(event.target.value)}
        className="min-h-9 w-full rounded-md border border-control bg-paper pr-2.5 pl-8.5 text-ink placeholder:text-muted"
      />
    </div>
  );
}
