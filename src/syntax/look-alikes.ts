import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { type SourceFile, spanAt } from '../text/source.ts';

/** Letters of other alphabets that most fonts draw like a letter of ours: the ones that a name could be forged with. */
const twins: ReadonlyMap<string, string> = new Map(
  [
    ['аеорсухіјѕԁһԛԝӏ', 'aeopcyxijsdhqwl'],
    ['АВЕКМНОРСТУХІЈЅԚԜӀ', 'ABEKMHOPCTYXIJSQWI'],
    ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονϲϳ', 'ABEZHIKMNOPTYXovcj'],
    ['օսոհցզՕՍ', 'ounhgqOU'],
  ].flatMap(([others = '', ours = '']) => [...others].map((other, index) => [other, ours.charAt(index)] as const)),
);

/** Alphabets with letters like ours. */
const scripts = ['Cyrillic', 'Greek', 'Armenian', 'Cherokee', 'Coptic', 'Lisu'] as const;
const ofScript = scripts.map((script) => ({ script, letter: new RegExp(`\\p{Script=${script}}`, 'u') }));
const foreign = new RegExp(`[${scripts.map((script) => `\\p{Script=${script}}`).join('')}]`, 'u');
const word = /[\p{L}\p{M}\p{N}_]+/gu;

/** ASCII letters without a twin: a word that holds one was meant in our letters. */
const ownLetter = new RegExp(
  `[${[...'abcdefghijklmnopqrstuvwxyz'].filter((letter) => ![...twins.values()].includes(letter)).join('')}]`,
);

/** Finds words that mix our letters with letters that look like them, in any file: each word once. */
export function findLookAlikes({ path, text }: SourceFile): Diagnostic[] {
  if (!foreign.test(text)) return [];
  return [...text.matchAll(word)].flatMap(({ index, 0: name }) => {
    const letter = [...name].find(isForged);
    if (letter === undefined || !/[A-Za-z]/.test(name)) return [];
    const span = spanAt(path, index, index + name.length);
    const folded = fold(name);
    const isClear = /^\w+$/.test(folded) && ownLetter.test(name);
    const edits = isClear ? [{ span, text: folded }] : [];
    return [
      diagnose(
        'SOP116',
        span,
        { name, what: `mixes alphabets: ${describe(letter)}`, isData: path.includes('/cases/') },
        { edits },
      ),
    ];
  });
}

/** What is wrong with a name that no ASCII rule guards; null where nothing is. */
export function disguiseOf(name: string): string | null {
  const letters = [...name.normalize('NFC')].filter((letter) => /\p{L}/u.test(letter));
  const [first] = letters;
  const isOther = (letter: string) => letter.normalize('NFKC') !== letter && !/[µªº]/.test(letter);
  if (name.normalize('NFC') !== name || letters.some(isOther))
    return 'has letters in another form than the usual one, which look the same';
  if (first !== undefined && letters.every((letter) => twins.has(letter)))
    return `is written in letters that only look like ours: ${describe(first)}`;
  return null;
}

/** Greek signs are good company for our letters (Δprice); the ones that look like ours are not. */
function isForged(letter: string): boolean {
  return twins.has(letter) || (foreign.test(letter) && !/\p{Script=Greek}/u.test(letter));
}

function describe(letter: string): string {
  const script = ofScript.find((each) => each.letter.test(letter))?.script ?? 'foreign';
  const code = (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const twin = twins.get(letter);
  return `U+${code} is a ${script} letter${twin === undefined ? '' : ` that looks like \`${twin}\``}`;
}

function fold(name: string): string {
  return [...name].map((letter) => twins.get(letter) ?? letter).join('');
}
