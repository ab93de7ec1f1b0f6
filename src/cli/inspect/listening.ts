import type { Dialect, Framing } from "../../chat/index.js";

/** What can be overheard of an answer's reading. */
export interface Listener {
  /** The framing was recognised. */
  framing: (name: string) => void;
  /** The dialect was recognised. */
  dialect: (name: string) => void;
  /** A value came out of the framing. */
  value: () => void;
}

/** The same dialects, which tell a listener what becomes of them: so `chat` itself says what an inspection needs to know. */
export function listening(dialects: readonly Dialect[], listener: Listener): readonly Dialect[] {
  const framings = new Map<Framing, Framing>(); // each once, as `chat` asks each once
  const overheard = (framing: Framing): Framing => {
    const known = framings.get(framing) ?? listeningFraming(framing, listener);
    framings.set(framing, known);
    return known;
  };
  return dialects.map((dialect) => ({
    ...dialect,
    framings: dialect.framings.map(overheard),
    read(out) {
      listener.dialect(dialect.name);
      return dialect.read(out);
    },
  }));
}

function listeningFraming(framing: Framing, listener: Listener): Framing {
  return {
    ...framing,
    connect(out, maxLength) {
      listener.framing(framing.name);
      const push: typeof out.push = (value, name, raw) => {
        listener.value();
        out.push(value, name, raw);
      };
      return framing.connect({ ...out, push }, maxLength);
    },
  };
}
