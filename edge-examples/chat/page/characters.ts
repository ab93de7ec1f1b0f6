/** Whether a text that is cut at this index is cut in the middle of a character, of which half is none. */
export function isInsideCharacter(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
