/** An event as the standard's MessageEvent: its type (`"message"` unless named), its data, and the last event id so far. */
export interface ServerSentEvent {
  event: string;
  data: string;
  id: string;
}
