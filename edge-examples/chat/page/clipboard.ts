const SHOWN_FOR = 1500; // milliseconds

/** Copies, and says on the button whether that was allowed. */
export async function copyText(text: string, on: HTMLButtonElement): Promise<void> {
  const label = on.textContent;
  try {
    await navigator.clipboard.writeText(text);
    on.textContent = "Copied";
  } catch {
    on.textContent = "Not allowed";
  }
  setTimeout(() => {
    on.textContent = label;
  }, SHOWN_FOR);
}
