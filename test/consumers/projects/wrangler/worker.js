import { program } from "../program.js";

export default { fetch: async () => new Response(await program()) };
