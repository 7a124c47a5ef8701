/** What the tabs of one browser tell one another. Nothing is stored, and nothing that is said is a secret. */
type Word = "signed-out";

// One for the whole page: a page does not hear what it says itself through the same channel.
let channel: BroadcastChannel | undefined;

function open(): BroadcastChannel {
  channel ??= new BroadcastChannel("wayleave");
  return channel;
}

/** Tells the other tabs. */
export function tell(word: Word): void {
  open().postMessage(word);
}

/** Hears what another tab tells; answers how to stop. */
export function hear(word: Word, then: () => void): () => void {
  const heard = (event: MessageEvent<unknown>) => {
    if (event.data === word) then();
  };
  open().addEventListener("message", heard);
  return () => open().removeEventListener("message", heard);
}
