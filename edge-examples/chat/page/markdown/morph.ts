/**
 * Makes the nodes of an element from `start` on look like those of a fragment, and touches only what differs: text that has
 * grown grows where it stands, so that a selection in it stays, and nothing flickers.
 */
export function morph(parent: Node, start: number, wanted: ParentNode): void {
  const fresh = [...wanted.childNodes];
  let live: ChildNode | null = parent.childNodes[start] ?? null;
  for (const node of fresh) {
    if (live === null) parent.appendChild(node);
    else {
      const next: ChildNode | null = live.nextSibling;
      if (!grown(live, node)) live.replaceWith(node);
      live = next;
    }
  }
  while (live !== null) {
    const next: ChildNode | null = live.nextSibling;
    live.remove();
    live = next;
  }
}

/** Changes a node into another one, if they are of a kind. */
function grown(live: ChildNode, wanted: ChildNode): boolean {
  if (live instanceof Text && wanted instanceof Text) {
    if (wanted.data.startsWith(live.data)) {
      if (wanted.length > live.length) live.appendData(wanted.data.slice(live.length));
    } else live.data = wanted.data;
    return true;
  }
  if (!(live instanceof Element && wanted instanceof Element) || !isSameElement(live, wanted)) return false;
  morph(live, 0, wanted);
  return true;
}

function isSameElement(one: Element, other: Element): boolean {
  if (one.nodeName !== other.nodeName || one.attributes.length !== other.attributes.length) return false;
  return [...one.attributes].every(({ name, value }) => other.getAttribute(name) === value);
}
