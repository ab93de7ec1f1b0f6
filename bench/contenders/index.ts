/** The contenders' names in the order of the table. Each is the file of its name in this folder, loaded alone where it is measured. */
export const contenderNames = [
  "floor",
  "flow",
  "fuse",
  "stages",
  "chat",
  "eventsource-parser",
  "openai",
  "together-ai",
  "ai",
  "fetch-event-stream",
  "transform-streams",
  "streamparser-json",
] as const;

export type ContenderName = (typeof contenderNames)[number];

/** Those that need the built package. */
export const ownNames: readonly ContenderName[] = ["flow", "fuse", "stages", "chat"];
