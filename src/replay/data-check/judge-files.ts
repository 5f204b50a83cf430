import type { FileFacts, TableFacts } from '../../model/survey.ts';
import { type Finding, finding, rowsWord, some, span } from './finding.ts';

/** What is wrong with files as such: cut off, given twice, unreadable, out of order, with times of several zones. */
export function judgeFiles(facts: TableFacts): Finding[] {
  return [...facts.files.flatMap((file) => judgeFile(facts.table, file)), ...twice(facts), ...empty(facts)];
}

function judgeFile(table: string, file: FileFacts): Finding[] {
  return [...broken(table, file), ...unreadable(table, file), ...outOfOrder(table, file), ...zones(table, file)];
}

function broken(table: string, { file, broken }: FileFacts): Finding[] {
  if (broken === null) return [];
  if (broken.last) {
    const message = `the file is cut off: ${broken.words}, and this is its last line`;
    return [
      finding(
        'truncated-file',
        'error',
        table,
        { message, action: 'fetch the file again, and compare its size or checksum with the source' },
        { file },
      ),
    ];
  }
  const message = `a line is broken: ${broken.words}`;
  return [
    finding(
      'broken-line',
      'error',
      table,
      { message, action: 'mend the line, or export the file again with quotes around texts' },
      { file },
    ),
  ];
}

function unreadable(table: string, { file, unreadable, mapping }: FileFacts): Finding[] {
  const unsized = unreadable.filter(({ words }) => words.startsWith('the sizes are contracts'));
  const others = unreadable.filter((entry) => !unsized.includes(entry));
  const [first] = unsized;
  const action =
    'give the size as the venue publishes it; without it sizes would be read as base units, and be wrong by a factor';
  const sizes =
    first === undefined
      ? []
      : [finding('no-contract-size', 'error', table, { message: first.words, action }, { file })];
  return [...sizes, ...others.map((entry) => unreadableColumn(table, file, mapping, entry))];
}

function unreadableColumn(
  table: string,
  file: string,
  mapping: string | null,
  { column, value, words }: FileFacts['unreadable'][number],
): Finding {
  const comma = value !== null && /^[+-]?\d{1,3}(?:[. ]?\d{3})*,\d+$|^[+-]?\d+,\d+$/.test(value.trim());
  if (comma)
    return finding(
      'decimal-comma',
      'error',
      table,
      {
        message: `numbers are written with a decimal comma: ${words}`,
        action: 'export the numbers with a decimal point',
      },
      { file, column },
    );
  const how =
    mapping === null
      ? 'mend the values, or write a mapping that translates them'
      : `mend the values, or change the mapping \`${mapping}\``;
  return finding(
    'unreadable-value',
    'error',
    table,
    { message: words, action: `${how} (docs/data.md)` },
    { file, column },
  );
}

function outOfOrder(table: string, { file, back }: FileFacts): Finding[] {
  if (back.rows === 0 || back.newestFirst) return [];
  const times = back.rows === 1 ? 'once' : `${back.rows.toLocaleString('en-US')} times`;
  const message = `rows are not in order of time: the file steps back ${times}, by up to ${span(back.seconds)}`;
  const action =
    'SQL sorts rows itself; find out whether the feed repeats or mixes what it sends, and sort the file by time';
  return [finding('out-of-order', 'warning', table, { message, action }, { file, rows: back.rows })];
}

function zones(table: string, { file, zones }: FileFacts): Finding[] {
  if (zones === null) return [];
  const named = [...new Set(zones.named.map((zone) => (/^[Zz]$|^[+-]00/.test(zone) ? 'UTC' : zone)))].sort();
  if (named.length === 0 || (named.length === 1 && zones.unnamed === 0)) return [];
  const unnamed = zones.unnamed > 0 ? [`no zone (${rowsWord(zones.unnamed)}, read as UTC)`] : [];
  const message = `times of the file name different zones: ${[...named, ...unnamed].join(', ')}`;
  const action = 'write all times in UTC; a time without a zone may be local, and then lies hours off';
  return [finding('mixed-zones', 'error', table, { message, action }, { file })];
}

/** Files with the same rows, in whatever order. */
function twice({ table, files }: TableFacts): Finding[] {
  return files.flatMap((file, at) => {
    const first = files.findIndex((other) => other.fingerprint === file.fingerprint);
    if (first === at || file.rows === 0) return [];
    const message = `it holds the same ${rowsWord(file.rows)} as ${files[first]?.file ?? ''}`;
    const action = 'give one of the two only: every trade would count twice';
    return [finding('duplicate-file', 'error', table, { message, action }, { file: file.file, rows: file.rows })];
  });
}

function empty({ table, files }: TableFacts): Finding[] {
  const without = files.filter((file) => file.rows === 0 && file.broken === null).map((file) => file.file);
  if (without.length === 0) return [];
  const message = `no rows in ${some(without)}`;
  return [
    finding(
      'empty-table',
      'error',
      table,
      { message, action: 'check the export: an empty file looks like a quiet market' },
      { file: without[0] ?? null, rows: 0 },
    ),
  ];
}
