/** The inside of a process host: one contender, in any runtime that has standard input and output. */
import type { Contender } from "../contenders/contender.ts";
import { Seat } from "../seat.ts";
import { serve } from "./lines.ts";

const { contender }: { contender: Contender } = await import(`../contenders/${process.argv[2]}.ts`);
const seat = new Seat(contender);

await serve(seat.answer);
