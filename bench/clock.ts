/**
 * Milliseconds of work: the thread's own processor time where the runtime tells it, so that what else the machine does
 * meanwhile does not count; wall time elsewhere. A reader that never waits takes the same of both on a quiet machine.
 */
export function milliseconds(): number {
  const { process } = globalThis;
  if (!hasThreadTime(process)) return performance.now();
  // Linux brings a thread's time up to date when the whole process is asked for its own; without it, it is up to 4 ms old.
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();

  return (user + system) / 1000;
}

/** Node has it since 23.9, which its types take for granted. Deno has it too, but counts in steps of 5 ms. */
function hasThreadTime(process: Partial<NodeJS.Process> | undefined): process is NodeJS.Process {
  return typeof process?.threadCpuUsage === "function" && !("Deno" in globalThis);
}
