/** The inside of the Chromium host: one contender in a page that asks for questions and sends the answers back. */
import type { Contender } from "../contenders/contender.ts";
import { type Question, Seat } from "../seat.ts";

export async function page(contender: Contender): Promise<void> {
  const seat = new Seat(contender);

  // The page ends with its browser; a question that cannot be had means that the bench is over.
  for (let response = await fetch("/question"); response.ok; response = await fetch("/question")) {
    const question: Question = await response.json();
    await fetch("/answer", { method: "POST", body: JSON.stringify(await seat.answer(question)) });
  }
}
