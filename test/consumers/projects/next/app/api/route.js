import { program } from "../../../program.js";

export const runtime = "edge";

export async function GET() {
  return new Response(`${typeof EdgeRuntime} ${await program()}`);
}
