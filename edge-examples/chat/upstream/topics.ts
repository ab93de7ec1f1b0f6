import type { UpstreamAnswer } from "./answers.ts";
import { HOSTILE } from "./hostile.ts";

/** Something the embedded upstream can talk about. */
export interface Topic {
  /** Words that speak for it in a question, and how much. */
  words: readonly (readonly [word: RegExp, weight: number])[];
  /** Markdown, or what makes more than that. */
  answer: string | (() => UpstreamAnswer);
}

const SLUICE = `**sluice** turns the byte stream of a language model's answer into whole values, in any JavaScript runtime, and says for certain whether the answer was whole.

A network doesn't know what a JSON object is. It delivers bytes, cut wherever a buffer happened to be full: in the middle of a word, of an escape, of an emoji. Code that calls \`JSON.parse\` on each chunk works on a good day and fails on the first busy one.

sluice is a small set of Web Streams transforms that do this part once, and properly:

1. **decode** the bytes, with characters cut in two made whole again
2. **split** them into server-sent events
3. **filter** what holds nothing to parse
4. **buffer and parse** until each value is whole

Choose a few faults in the panel beside this answer and ask again. The left column gets worse; the right one stays the same.`;

const STAGES = `Four stages make up the core. Each takes values from the one before it:

| Stage | In | Out | What it takes care of |
|:--|:--|:--|:--|
| \`decode\` | bytes | text | characters cut in two, one BOM, ill-formed bytes |
| \`splitSSE\` | text | events | CR, LF and CRLF anywhere, comments, ids |
| \`filterEmpty\` | events | events | keep-alives, blank and control-only events, \`[DONE]\` |
| \`bufferParse\` | events | values | JSON over several events, several in one, bad ones |

They run in three ways and give the same values every time:

- \`pipeThrough\`, one stage after the other, among other people's streams
- \`fuse\`, all of them in a single hop
- \`flow\`, with no hop at all: it pulls straight from the source

A stage holds no timers and knows no network, so it can be tested with plain arrays.`;

const JSON_TOPIC = `Streamed JSON has one question that matters: is this text *incomplete*, or is it *malformed*?

- \`{"a": 1\` is **incomplete**. The rest may be in the next chunk, so \`bufferParse\` waits for it.
- \`{"a": nope}\` is **malformed**. No rest can mend it, and \`bufferParse\` says so at the first impossible character, with its offset and the raw text.

A fix that many people copy appends every chunk to a string, tries \`JSON.parse\` on all of it, and ignores the errors. It mistakes the second case for the first: one bad event then poisons everything after it, without a word. It is also quadratic, because it reads the whole text again for each chunk.

In sluice, a bad event is reported and the next one is read afresh:

\`\`\`ts
const values = flow(response, decode(), splitSSE(), filterEmpty(), bufferParse({
	onError: ({ code, offset, raw }) => console.warn(code, offset, raw),
}));
\`\`\`

Try it: choose **Malformed event** in the panel and ask again. A few words go missing, everything after them arrives, and the verdict tells you.`;

const STREAMS = `A stream is pulled, not pushed. The reader asks for a value, the request travels up to the source, and one chunk comes back down. Nothing is read ahead of demand, so a slow reader slows the source instead of filling the memory.

It works in the other direction, too. When you press **Stop**, this happens:

1. The page cancels its reader.
2. The Worker sees that the page has left, and cancels its own request.
3. The upstream sees the connection close and stops writing.

No tokens are made that nobody will read. In a pipeline of several \`TransformStream\`s each hop keeps a queue of its own; \`fuse\` makes a single hop of them, and \`flow\` none:

\`\`\`ts
for await (const value of flow(response, decode(), splitSSE(), filterEmpty(), bufferParse())) {
	if (enough(value)) break; // cancels the source, once
}
\`\`\``;

const SSE = `**Server-sent events** are lines of text. A field, a colon, a value; an empty line ends the event:

\`\`\`text
: a comment, often a keep-alive
event: message
data: {"choices":[{"delta":{"content":"Hello"}}]}

data: [DONE]
\`\`\`

It looks easier than it is:

- a line may end in LF, CR or CRLF, and a chunk may end *between* the CR and the LF
- the space after the colon is optional, and only one is taken away
- several \`data\` lines make one event, joined by line ends
- an event without data is not dispatched at all
- \`[DONE]\` is not JSON, and not a part of the standard either

\`splitSSE\` follows the WHATWG algorithm to the letter, wherever the bytes are cut.`;

const VERDICT = `An answer that stops is not an answer that is finished. Most clients can't tell the difference: the connection closes cleanly after *“Hello”*, the loop ends without an error, and half an answer passes for a whole one.

The rule here is strict. An answer is **whole** only with proof:

| Proof | Verdict |
|:--|:--|
| \`[DONE]\` arrived | whole |
| a finish reason arrived, then the end of the body | whole |
| the body ended, or the connection broke, without either | cut off |
| the provider sent an error, or an event was malformed | error |
| nothing came for too long | stalled |
| you pressed Stop | stopped, and what came is kept |

Choose **Ends early** in the panel and ask me again: the text stops, the connection closes politely, and the line under the answer doesn't fall for it.`;

const VERDICT_REASONING = `The user asks how one can know that an answer is whole. A closed connection proves nothing: it closes in the same way after the last word and in the middle of it.

What does prove it? The provider's own words: the sentinel, or a finish reason and then the end of the body. So I should list the proofs, and what each of the other endings is called.

A table will be clearest. And I should point at the panel, where they can try it.`;

const WEATHER_REASONING = `Two things are wanted: the weather in Rome now, and what to expect at the weekend. I know neither; there is a tool for each. Both calls can go out together.`;

const WEATHER = `I'll look that up: the weather now, and the forecast for the weekend.`;

const CODE = `Here is a whole Worker. It calls a provider, reads its stream, and sends the text on as it arrives:

\`\`\`ts
import { bufferParse, decode, filterEmpty, flow, map, splitSSE } from "sluice";

type Chunk = { choices: { delta?: { content?: string } }[] };

export default {
	async fetch(request: Request, env: Env): Promise<Response> {
		const upstream = await fetch(env.UPSTREAM_URL, {
			method: "POST",
			headers: { authorization: \`Bearer \${env.UPSTREAM_API_KEY}\`, "content-type": "application/json" },
			body: request.body,
			signal: request.signal,
		});
		const text = flow(
			upstream,
			decode(),
			splitSSE(),
			filterEmpty(),
			bufferParse<Chunk>(),
			map((chunk) => chunk.choices[0]?.delta?.content ?? ""),
		);
		return new Response(text.readable.pipeThrough(new TextEncoderStream()));
	},
};
\`\`\`

And the same reading in a page:

\`\`\`js
for await (const chunk of flow(await fetch("/api/chat", init), decode(), splitSSE(), filterEmpty(), bufferParse())) {
	output.append(chunk.choices[0]?.delta?.content ?? "");
}
\`\`\`

The lines are indented with tabs on purpose: with **Control characters** chosen in the panel, they travel as raw tabs inside JSON strings, where JSON forbids them.`;

const LIST = `A short list of what really happens to streams on their way:

1. **They are cut anywhere.**
   - inside a word
   - inside an escape such as \`\\u00e9\`
   - inside a character, between two of its bytes
2. **They are padded.**
   - comments that keep proxies awake
   - events without data
   - control characters that somebody forgot to escape
3. **They end badly.**
   - an error in the middle, long after HTTP 200
   - a connection that closes without a word
   - a connection that stays open without a word

The first two should change nothing in what you read, and here they don't. The third should never pass for success, and here it can't.`;

const TABLE = `What a chunk can hold, and what comes of it:

| What arrives | A naive reader | sluice |
|:--|:--|:--|
| half an event | \`SyntaxError\` | waits for the rest |
| two events at once | \`SyntaxError\` | two values |
| half a character | \`U+FFFD\`, for good | the character |
| \`: keep-alive\` | \`SyntaxError\` | nothing |
| an empty \`data:\` | \`SyntaxError\` | nothing |
| a raw tab in a string | \`SyntaxError\` | the tab |
| a malformed event | \`SyntaxError\`, or silence | a report, then the next value |
| the end, without \`[DONE]\` | success | “cut off” |

Ask **“Show me some code”** to see how little of this ends up in your own program.`;

const LANGUAGES = `With pleasure. Each of these has characters of two, three or four bytes, which a network is free to cut in the middle:

- 👋 **English**: Hello! Everything whole?
- 🇫🇷 **Français** : Bonjour ! Tout est arrivé en entier ?
- 🇩🇪 **Deutsch**: Grüß dich! Alles heil angekommen?
- 🇬🇷 **Ελληνικά**: Γεια σου! Έφτασαν όλα;
- 🇺🇦 **Українська**: Привіт! Усе дійшло цілим?
- 🇮🇳 **हिन्दी**: नमस्ते! सब कुछ सही-सलामत पहुँचा?
- 🇯🇵 **日本語**：こんにちは！全部そろって届きましたか？
- 🇨🇳 **中文**：你好！都完整地到了吗？
- 🇰🇷 **한국어**: 안녕하세요! 모두 온전히 도착했나요?
- 🇮🇱 **עברית**: שלום! הכול הגיע שלם?
- 🇸🇦 **العربية**: مرحبًا! هل وصل كل شيء كاملًا؟

Some emoji are several code points in a row: 👩‍🔬 👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽. Choose **Inside characters** in the panel: each of them is then cut between two of its bytes, and put together again.`;

const GREETING = `Hello! I'm the **demo upstream** of this page: a small server that speaks the protocol of a real provider, without a model behind it.

What I do well is misbehave. Choose in the panel how the network should treat this answer, then ask me something I know about:

- What is sluice?
- Which stages are there?
- How do you know that an answer is whole?
- Greet me in ten languages 🌍`;

const HELP = `I'm a demo, so I know a few things only. You can ask me about

- **sluice** itself, and its four stages
- **JSON**, **server-sent events** and **streams**
- how one knows that an answer is **whole**
- **code** for a Worker and for a page
- a **list**, a **table**, or greetings in ten **languages**

Write \`Repeat: …\` and I send your own text back. The panel makes the network between me and the Worker as bad as you like, and shows what came over it.`;

/** About a megabyte: what the other topics say, again and again. */
const ENDLESS_LENGTH = 1024 * 1024;

function endless(): string {
  const parts = [SLUICE, STAGES, JSON_TOPIC, STREAMS, SSE, CODE, LIST, TABLE, LANGUAGES];
  let text = "";
  for (let index = 0; text.length < ENDLESS_LENGTH; index++)
    text += `## Part ${index + 1}\n\n${parts[index % parts.length]}\n\n`;
  return `${text}The end.`;
}

const POEM = `> Bytes come down the stream,\\
> cut wherever the banks are:\\
> wait, then drink it whole.

A haiku about \`bufferParse\`, which is mostly about waiting.`;

const THANKS = `You're welcome. 🌊

If you have a minute left: choose **One byte each** together with everything under *Clutter*, ask anything, and watch the two columns.`;

export const TOPICS: readonly Topic[] = [
  {
    answer: SLUICE,
    words: [
      [/\bsluice\b/i, 2],
      [/\bwhat (is|does)\b|\bwhy\b|\babout\b/i, 1],
      [/\btool(kit)?\b|\blibrary\b/i, 2],
    ],
  },
  {
    answer: STAGES,
    words: [
      [/\bstages?\b|\bpipeline\b|\btransforms?\b/i, 4],
      [/\b(decode|splitSSE|filterEmpty|bufferParse|fuse)\b/i, 3],
    ],
  },
  {
    answer: JSON_TOPIC,
    words: [
      [/\bjson\b|\bpars(e|er|ing)\b/i, 4],
      [/\bmalformed\b|\bincomplete\b/i, 3],
    ],
  },
  {
    answer: STREAMS,
    words: [
      [/\bstream(s|ing|ed)?\b|\bback-?pressure\b/i, 3],
      [/\b(stop|cancel|abort)\w*\b|\bflow\b/i, 2],
    ],
  },
  {
    answer: SSE,
    words: [
      [/\bsse\b|\bserver-sent\b|\beventsource\b/i, 5],
      [/\bevents?\b/i, 2],
    ],
  },
  {
    answer: () => ({ text: VERDICT, reasoning: VERDICT_REASONING }),
    words: [
      [/\bwhole\b|\bverdicts?\b|\btruncat\w+\b|\bcut off\b|\bcomplete\b/i, 4],
      [/\bknow\b|\bfinished\b|\bend(s|ed)?\b/i, 1],
    ],
  },
  {
    answer: CODE,
    words: [[/\bcode\b|\bexamples?\b|\bsnippet\b|\bworker\b|\btypescript\b|\bjavascript\b|\bfunction\b/i, 5]],
  },
  {
    answer: () => ({
      text: WEATHER,
      reasoning: WEATHER_REASONING,
      calls: [
        { name: "get_weather", arguments: JSON.stringify({ city: "Rome", country: "IT", units: "metric" }) },
        {
          name: "get_forecast",
          arguments: JSON.stringify({
            place: { city: "Rome", latitude: 41.9028, longitude: 12.4964 },
            days: ["Saturday", "Sunday"],
            include: ["temperature", "rain", "wind"],
          }),
        },
      ],
    }),
    words: [[/\bweather\b|\bforecast\b|\btools?\b|\brain\b/i, 5]],
  },
  { answer: HOSTILE, words: [[/\battack\b|\bhostile\b|\bhack\b|\binject\w*\b/i, 6]] },
  { answer: () => ({ text: endless() }), words: [[/\bmegabyte\b|\bendless\b|\bvery long\b/i, 6]] },
  { answer: LIST, words: [[/\blists?\b|\bbullets?\b/i, 5]] },
  { answer: TABLE, words: [[/\btables?\b|\bcompar\w+\b/i, 5]] },
  {
    answer: LANGUAGES,
    words: [
      [/\blanguages?\b|\bemojis?\b|\bunicode\b|\butf-?8\b|\btranslat\w+\b/i, 5],
      [/\p{Emoji_Presentation}/u, 1],
      [
        /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Devanagari}]/u,
        3,
      ],
    ],
  },
  {
    answer: GREETING,
    words: [
      [/^\W*(hi|hello|hey|hallo|bonjour|hola|good (morning|evening|day))\b/i, 2],
      [/\bhow are you\b/i, 2],
    ],
  },
  { answer: HELP, words: [[/\bhelp\b|\bwhat can you\b|\bwho are you\b|\bwhat do you know\b/i, 5]] },
  { answer: POEM, words: [[/\bpoems?\b|\bhaiku\b|\bverse\b|\bstory\b|\bsing\b/i, 5]] },
  { answer: THANKS, words: [[/\bthank(s| you)\b|\bthx\b|\bmerci\b|\bdanke\b/i, 4]] },
];
