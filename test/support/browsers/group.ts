import type { ChildProcess } from "node:child_process";

/**
 * Ends a detached process with all that it has started, at the latest when this process ends.
 *
 * @returns ends it now
 */
export function groupOf({ pid }: ChildProcess, onEnd: () => void = () => undefined): () => void {
  const end = (): void => {
    process.off("exit", end);
    try {
      if (pid !== undefined) process.kill(-pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
    onEnd();
  };
  process.on("exit", end);
  return end;
}
