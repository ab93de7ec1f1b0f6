import { program } from "../program.js";

void program().then(console.log);
