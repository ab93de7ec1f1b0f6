import { Option } from "commander";
import { awsEventStream, type Problem } from "../../chat/index.js";
import { excerpt, SluiceError } from "../../errors.js";
import { flow } from "../../flow.js";
import { bufferParse } from "../../json/buffer-parse.js";
import { filterEmpty } from "../../json/filter-empty.js";
import { selectJSON } from "../../json/select.js";
import type { ServerSentEvent } from "../../sse/event.js";
import { splitSSE } from "../../sse/split.js";
import { fuse, type Stage, stage } from "../../stage.js";
import { decode } from "../../text/decode.js";
import { splitLines } from "../../text/split-lines.js";
import type { AddCommand } from "../command.js";
import { Complaints, noEvents } from "../complaints.js";
import { bytesOf, openInput, peeked } from "../input.js";
import { toJSON } from "../json.js";
import { Output } from "../output.js";
import { addSelect, type SelectOptions, selectBy } from "../select.js";

const FRAMINGS = ["events", "lines", "document", "aws"] as const;
type Framing = (typeof FRAMINGS)[number];

interface Options extends SelectOptions {
  as?: Framing;
}

/** `sluice json`: the JSON values of a body. */
export const json: AddCommand = (program, run) => {
  addSelect(program.command("json").summary("the JSON values of a body, one per line"))
    .description(
      "Writes each JSON value of a body on a line of its own as soon as it is whole: those in the events of an event stream, in lines, or the elements of one array. " +
        "What cannot be read is told on stderr, and reading goes on.",
    )
    .argument("[file]", "a body or a cassette; standard input unless named")
    .addOption(new Option("--as <framing>", "how values are told apart; recognised unless told").choices(FRAMINGS))
    .action((file: string | undefined, { as, select: path }: Options) =>
      run(async ({ signal }) => {
        const select = selectBy(path);
        const { chunks } = await openInput(file, signal);
        const { first, body } = await peeked(bytesOf(chunks));
        const framing = as ?? framingOf(first);
        const output = new Output(process.stdout, signal);
        const complaints = new Complaints(signal);
        const onError = (error: SluiceError): void => complaints.add(error);
        try {
          for await (const value of flow(body, values(framing, path ?? rootOf(first), onError))) {
            const found = framing === "document" ? [value] : select(value);
            const written = output.write(found.map((each) => `${toJSON(each)}\n`).join(""));
            if (written !== undefined) await written;
          }
        } catch (error) {
          complaints.addLast(error);
        } finally {
          await output.flush(); // what came before is not lost
        }
        return complaints.end();
      }),
    );
};

/** How a body is framed that begins so. */
function framingOf(first: number | undefined): Framing {
  if (first === 0) return "aws";
  const character = String.fromCharCode(first ?? 0);
  if (character === "[") return "document";
  return /[{"\d\-tfn]/.test(character) ? "lines" : "events"; // true, false, null; no field begins like these
}

/** What a document gives when no path says it: the elements of an array as they come, anything else when it is whole. */
function rootOf(first: number | undefined): string {
  return first === 0x5b ? "$[*]" : "$";
}

function values(framing: Framing, path: string, onError: (error: SluiceError) => void): Stage<Uint8Array, unknown> {
  const parse = bufferParse({ onError, integers: "bigint" });
  switch (framing) {
    case "document":
      return fuse(decode(), selectJSON(path));
    case "lines":
      return fuse(decode(), splitLines(), filterEmpty(), parse);
    case "events":
      return fuse(decode(), eventsOf(onError), filterEmpty(), parse);
    case "aws":
      return awsValues(onError);
  }
}

/**
 * The events of a body. An unknown field is no concern, but what is no field at all is: a page, bare JSON, or the error of a
 * server; and so are words that would be one, `Unauthorized`, in a body that has no event.
 */
function eventsOf(onError: (error: SluiceError) => void): Stage<string, ServerSentEvent> {
  let unknown: string | undefined; // the first field that nobody knows
  let isStream = false;
  const split = splitSSE({
    onOther(line) {
      if (/^(?!error:)[\w-]+(:|$)/.test(line)) unknown ??= line;
      else {
        const message = `A line that is no field of an event stream: ${excerpt(line)}`;
        onError(new SluiceError("malformed", message, { raw: line, offset: 0 }));
      }
    },
  });
  const checked = stage<ServerSentEvent, ServerSentEvent>((out) => ({
    push(event) {
      isStream = true;
      out.push(event);
    },
    end() {
      if (!isStream && unknown !== undefined) onError(noEvents(unknown));
      out.end();
    },
  }));
  return fuse(split, checked);
}

function awsValues(onError: (error: SluiceError) => void): Stage<Uint8Array, unknown> {
  const complain = ({ message, raw, code }: Problem): void =>
    onError(new SluiceError(code === "truncated" ? code : "malformed", message, { raw, offset: 0 }));
  return stage((out) => {
    const frames = { push: out.push, sentinel: () => undefined, fail: complain, broken: complain };
    const { push, end } = awsEventStream.connect(frames, Number.POSITIVE_INFINITY);
    return {
      push: (bytes) => push("", bytes),
      end() {
        end();
        out.end();
      },
    };
  });
}
