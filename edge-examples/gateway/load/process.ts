import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** What Linux says of the workerd that this process has started; elsewhere, where there is no /proc to look into, nothing. */
export class WorkerdProcess {
  readonly #id: string | undefined = findWorkerd();

  /** How many megabytes of its memory are resident. */
  get megabytes(): number | undefined {
    if (this.#id === undefined) return undefined;
    const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${this.#id}/status`, "utf8")) ?? [];
    return Math.round(Number(kilobytes) / 1024);
  }

  /** How many sockets it has open. */
  get sockets(): number | undefined {
    if (this.#id === undefined) return undefined;
    const files = `/proc/${this.#id}/fd`;
    return readdirSync(files).filter((name) => targetOf(`${files}/${name}`).startsWith("socket:")).length;
  }
}

function findWorkerd(): string | undefined {
  try {
    return readdirSync("/proc").find((id) => {
      const [name, , parent] = /^\d+$/.test(id) ? statOf(id).split(" ") : [];
      return name === "(workerd)" && parent === String(process.pid);
    });
  } catch {
    return undefined;
  }
}

/** `(name) state parent …` of a process. */
function statOf(id: string): string {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, "utf8");
    return stat.slice(stat.indexOf("("));
  } catch {
    return ""; // it has ended meanwhile
  }
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return ""; // closed meanwhile
  }
}
