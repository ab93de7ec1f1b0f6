import { seeded } from "./random.ts";

/** English as a model streams it: a leading space, punctuation, Markdown and, now and then, what JSON must escape. ASCII only. */
const ENGLISH =
  ' the| stream| of| a| model| is| read| as| it| arrives|,| and| every| value| whole|.|\n\n| **|Note|**|:| "|quoted|"| `|pull|()`| to| answer| with| no| more| than| one| chunk| ahead| --|-|1|2|3|\\n| because| backpressure| matters';

/** The same in scripts of two, three and four bytes a character, so that cuts fall inside characters. */
const MULTILINGUAL =
  " straße|,| naïve| façade| über| élan| поток| данных|;| 流れる|データ|を|読む|。| 数据|流|，| 완전한| 값| कार्य| مرحبا| שלום| 🙂| 👩‍🚀| 🇪🇺| and| the| rest| in| ASCII|.|\n";

/** An endless, repeatable sequence of tokens. */
export function tokens(language: "english" | "multilingual", seed: number): () => string {
  const vocabulary = (language === "english" ? ENGLISH : MULTILINGUAL).split("|");
  const random = seeded(seed);

  return () => vocabulary[Math.floor(random() * vocabulary.length)] ?? "";
}

/** Letters and digits as identifiers and paddings have them. */
export function identifier(random: () => number, length: number): string {
  let text = "";
  while (text.length < length) text += Math.floor(random() * 36 ** 8).toString(36);

  return text.slice(0, length);
}
