/** Without case and accents, so that "ubersicht" finds "Übersicht". */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** How well something called `label` answers to what was typed; 0 is not at all. Every word that was typed has to occur. */
export function rank(typed: string, label: string, around = ""): number {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return 1;
  const name = plain(label);
  const all = `${name} ${plain(around)}`;
  if (!words.every((word) => all.includes(word))) return 0;
  const first = words[0] ?? "";
  if (name.startsWith(first)) return 4;
  if (name.split(/[\s-]+/).some((part) => part.startsWith(first))) return 3;
  return name.includes(first) ? 2 : 1;
}
