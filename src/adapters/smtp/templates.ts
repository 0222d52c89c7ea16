import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Mustache from 'mustache';
import { inert } from '../inert-text';

/** The letters, and the words that their templates may use. */
const LETTERS = {
  confirmation: ['orderId', 'name', 'total', 'lines', 'quantity', 'goods', 'delivery'],
  cancellation: ['orderId'],
  'refund-notice': ['orderId', 'amount'],
} as const;

export type Letter = keyof typeof LETTERS;
type Text = string | null;
export type Words = Readonly<Record<string, Text | readonly Readonly<Record<string, Text>>[]>>;

export interface Written {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const IN_THE_BOX = path.join(__dirname, 'templates');
const SUBJECT = /^Subject: (.+)\r?\n\r?\n/;

/**
 * Reads the templates of one locale, all of them, so that a mistake stops the start and not an order. Returns what writes a letter: what is
 * inserted is one line of text, and in the HTML part it is escaped, whatever the template says.
 */
export function templatesOf(locale: string, folder = IN_THE_BOX): (letter: Letter, words: Words) => Written {
  refuseOtherLocales(locale, folder);
  const read = (letter: Letter, part: 'txt' | 'html') => {
    const file = path.join(folder, locale, `${letter}.${part}`);
    const template = textOf(file);
    refuseUnknown(Mustache.parse(template) as Token[], LETTERS[letter], file);
    return { template, file };
  };
  const letters = new Map(
    (Object.keys(LETTERS) as Letter[]).map((letter) => {
      const { template, file } = read(letter, 'txt');
      const subject = SUBJECT.exec(template);
      if (!subject) throw new Error(`${file} must begin with a line "Subject: …" and an empty line`);
      const text = template.slice(subject[0].length);
      return [letter, { subject: subject[1] ?? '', text, html: read(letter, 'html').template }];
    }),
  );

  return (letter, words) => {
    const template = letters.get(letter);
    if (!template) throw new Error(`There is no letter ${letter}`);
    const [plain, escaped] = [{ escape: inert }, { escape: (text: string) => Mustache.escape(inert(text)) }];
    return {
      subject: inert(Mustache.render(template.subject, words, {}, plain)),
      text: Mustache.render(template.text, words, {}, plain),
      html: Mustache.render(template.html, words, {}, escaped),
    };
  };
}

function refuseOtherLocales(locale: string, folder: string): void {
  const known = localesIn(folder);
  if (known.includes(locale)) return;
  const others = folder === IN_THE_BOX ? '; give others in `templates`' : '';
  throw new Error(`there is no locale ${locale}; there are ${known.join(', ') || 'none'} in ${folder}${others}`);
}

function localesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isFile() ? [] : [entry.name]));
  } catch (cause) {
    throw new Error(`The folder of mail templates, ${folder}, cannot be read`, { cause });
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`The mail template ${file} cannot be read`, { cause });
  }
}

type Token = [kind: string, word: string, start: number, end: number, inner?: Token[] | string];

/** A misspelt word would be left out of every mail, and an unescaped one would let customers write HTML. */
function refuseUnknown(tokens: readonly Token[], words: readonly string[], file: string): void {
  for (const [kind, word, , , inner] of tokens) {
    if (kind === '&' || kind === '>') throw new Error(`${file}: {{${kind} ${word}}} is not allowed; write {{${word}}}`);
    if (['name', '#', '^'].includes(kind) && !words.includes(word))
      throw new Error(`${file}: {{${word}}} is unknown; it may use ${words.join(', ')}`);
    if (Array.isArray(inner)) refuseUnknown(inner, words, file);
  }
}
