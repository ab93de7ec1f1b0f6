/**
 * A value as JSON: integers beyond 2^53 as they were sent, errors with what they say.
 *
 * @param indent spaces per level; one line unless given
 */
export function toJSON(value: unknown, indent?: number): string {
  const mark = `${Math.random()}:`; // no text can foresee it
  let isMarked = false;
  const text = JSON.stringify(
    value,
    (_, each: unknown) => {
      if (typeof each === "bigint") {
        isMarked = true;
        return `${mark}${each}`;
      }
      return each instanceof Error ? { ...each, name: each.name, message: each.message } : each;
    },
    indent,
  );
  return isMarked ? text.replaceAll(new RegExp(`"${mark}(-?\\d+)"`, "g"), "$1") : text;
}
