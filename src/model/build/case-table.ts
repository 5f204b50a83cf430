import { type Diagnostic, diagnose, type Outcome } from '../../diagnostics/diagnostic.ts';
import type { Cell, MarkdownTree, Row, Table } from '../../syntax/markdown.ts';
import { parseUnaryTest } from '../../syntax/parse-unary-test.ts';
import type { Located } from '../../text/source.ts';
import { parseDuration, parseTime } from '../../text/time.ts';
import type { Case, CaseKind, Draft, Expectation, NamedLiteral, Story } from '../case.ts';
import { validate } from '../schema/validate.ts';
import type { Literal } from '../value.ts';
import { sharedParts, undecided } from './case.ts';
import { isBlank } from './columns.ts';
import { literalOfOperand } from './literals.ts';

const fixed = [
  'case',
  'title',
  'kind',
  'technique',
  'market',
  'source',
  'segment',
  'others',
  'replaces',
  'disposition',
  'severity',
  'rule',
] as const;
type Fixed = (typeof fixed)[number];

/** Columns for whoever reads the table. Written just so: a signal is never written with a capital letter. */
const remarks = ['Why', 'Closes'];

/** Builds the cases, and the drafts of cases, of a Markdown file: tables of signal values, one row a case, below a YAML block that they share. */
export function buildCaseTable(tree: MarkdownTree): Outcome<readonly (Case | Draft)[]> {
  const found: Diagnostic[] = [];
  if (tree.frontMatter !== null) found.push(...validate('caseTable', tree.frontMatter, 'the block above the table'));
  if (found.length > 0) return [[], found];
  const tables = tree.tables;
  if (tables.length === 0) {
    const span = tree.title?.span ?? { path: tree.path, start: 0, end: 1 };
    return [
      [],
      [
        diagnose('SOP211', span, {
          section: tree.path.split('/').at(-1) ?? '',
          columns: ['Case', 'Kind', 'a signal', 'disposition'],
        }),
      ],
    ];
  }
  const shared = sharedParts(tree.frontMatter, tree.path);
  const cases = tables.flatMap((table) => buildTable(table, shared, tree.path, found));
  return [cases, found];
}

function buildTable(
  table: Table,
  shared: ReturnType<typeof sharedParts>,
  path: string,
  found: Diagnostic[],
): (Case | Draft)[] {
  const columns = table.header.map((cell) => fixed.find((name) => name === cell.text.toLowerCase()));
  const names = table.header.map(({ text }) => (remarks.includes(text) ? text : text.toLowerCase()));
  const twice = table.header.find((_, index) => names.indexOf(names[index] ?? '') < index);
  if (twice !== undefined) {
    found.push(diagnose('SOP209', twice.span, { section: twice.text }));
    return [];
  }
  if (!columns.includes('case')) {
    found.push(
      diagnose('SOP212', table.header[0]?.span ?? table.span, {
        section: path.split('/').at(-1) ?? '',
        column: 'Case',
        columns: ['Case', 'Kind', 'a signal', 'disposition'],
      }),
    );
    return [];
  }
  const missing = (['technique', 'market', 'source'] as const).filter(
    (key) => !columns.includes(key) && (key === 'source' ? shared.source : shared[key].value) === '',
  );
  for (const key of missing) {
    const place = table.header[0]?.span ?? table.span;
    found.push(diagnose('SOP201', place, { key, meaning: '', where: 'the block above the table' }));
  }
  if (missing.length > 0) return [];
  return table.rows.flatMap((row) => {
    const built = buildRow(row, table.header, columns, shared, path, found);
    return built === undefined ? [] : [built];
  });
}

function buildRow(
  row: Row,
  header: readonly Cell[],
  columns: readonly (Fixed | undefined)[],
  shared: ReturnType<typeof sharedParts>,
  path: string,
  found: Diagnostic[],
): Case | Draft | undefined {
  const before = found.length;
  const cellOf = (name: Fixed): Located<string> | null => {
    const cell = row.cells[columns.indexOf(name)];
    return cell === undefined || isBlank(cell.text) ? null : { value: unquote(cell.text), span: cell.span };
  };
  const name = cellOf('case') ?? { value: '', span: row.span };
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name.value) || name.value.length > 64) {
    found.push(
      diagnose('SOP205', name.span, {
        what: '`Case`',
        value: name.value,
        say: 'lower-case words joined by hyphens, such as wt-just-below-half',
      }),
    );
  }
  const kind: Located<string> = cellOf('kind') ?? { value: shared.kind ?? undecided, span: name.span };
  if (!['attack', 'benign', 'incident', undecided].includes(kind.value)) {
    found.push(
      diagnose('SOP203', kind.span, {
        value: kind.value,
        allowed: ['attack', 'benign', 'incident'],
        near: [],
        what: 'value of `Kind`',
      }),
    );
  }
  const values = signalValues(row, header, columns, found);
  const answers = ['disposition', 'severity'] as const;
  const isOpen = kind.value === undecided || answers.some((column) => cellOf(column)?.value === undecided);
  const expect = { ...answersIn(cellOf, isOpen), span: row.span };
  const { kind: _, ...common } = shared;
  const built: Story = {
    ...common,
    name,
    path,
    title: cellOf('title')?.value ?? name.value,
    technique: cellOf('technique') ?? shared.technique,
    market: cellOf('market') ?? shared.market,
    source: cellOf('source')?.value ?? shared.source,
    segment: cellOf('segment') ?? shared.segment,
    others: cellOf('others') ?? shared.others,
    monotone: null,
    input: { kind: 'signals', values },
    asOf: null,
    expect: [expect],
    replaces: namesIn(cellOf('replaces')),
    span: name.span,
  };
  found.push(...missingWords(built));
  if (!isOpen && expect.disposition === null && expect.rules.length === 0) {
    found.push(
      diagnose('SOP206', name.span, {
        what: `the case \`${name.value}\``,
        say: 'must say a `disposition` or a `rule`',
      }),
    );
  }
  if (found.length > before) return undefined;
  const said = kind.value === undecided ? null : (kind.value as CaseKind); // checked above
  return isOpen || said === null ? { ...built, kind: said, isDraft: true } : { ...built, kind: said, knownGap: null };
}

function missingWords({ name, technique, market, source }: Story): Diagnostic[] {
  const words = { technique: technique.value, market: market.value, source };
  return Object.entries(words)
    .filter(([, value]) => value === '')
    .map(([key]) => diagnose('SOP201', name.span, { key, meaning: '', where: 'this row' }));
}

/** What the row says must come out; in a draft `?` says nothing. */
function answersIn(cellOf: (name: Fixed) => Located<string> | null, isOpen: boolean): Omit<Expectation, 'span'> {
  const answerOf = (column: Fixed) => {
    const cell = cellOf(column);
    return isOpen && cell?.value === undecided ? null : cell;
  };
  return {
    subject: [],
    members: [],
    disposition: answerOf('disposition'),
    severity: answerOf('severity'),
    rules: namesIn(answerOf('rule')),
  };
}

/** Every column that is neither fixed nor a remark is a signal: a misspelt one is found where signals are known. */
function signalValues(
  row: Row,
  header: readonly Cell[],
  columns: readonly (Fixed | undefined)[],
  found: Diagnostic[],
): NamedLiteral[] {
  return header.flatMap((cell, index) => {
    const written = row.cells[index];
    if (columns[index] !== undefined || remarks.includes(cell.text)) return [];
    if (written === undefined || isBlank(written.text)) return [];
    const name = { value: cell.text, span: cell.span };
    return [{ name, value: readLiteral(written, found), text: written.text, span: written.span }];
  });
}

/** `0.4999`, `"retail"`, `true`, `null`: a decision cell that is a single literal; or a time, or a duration, as it is. */
function readLiteral(cell: Cell, found: Diagnostic[]): Literal {
  const isTime = /^\d{4}-\d\d-\d\d/.test(cell.text) || /^(?:[+-]?P|\d+[smhd]$)/.test(cell.text);
  if (isTime && (parseTime(cell.text) ?? parseDuration(cell.text)) !== undefined) return cell.text;
  const parsed = parseUnaryTest(cell.text);
  const atom =
    parsed.ok && parsed.test.kind === 'tests' && !parsed.test.negated && parsed.test.tests.length === 1
      ? parsed.test.tests[0]
      : undefined;
  if (atom?.kind === 'null') return null;
  const literal = atom?.kind === 'equal' ? literalOfOperand(atom.operand) : undefined;
  if (literal !== undefined) return literal;
  found.push(
    diagnose('SOP204', cell.span, {
      what: 'a signal in a case',
      expected: 'one value such as `0.35`, `"mm"`, `true` or `null`',
      found: `\`${cell.text}\``,
    }),
  );
  return null;
}

/** `R1, R2`. */
function namesIn(cell: Located<string> | null): Located<string>[] {
  return cell === null ? [] : cell.value.split(',').map((name) => ({ value: unquote(name.trim()), span: cell.span }));
}

function unquote(text: string): string {
  return /^"(.*)"$/s.exec(text)?.[1] ?? text;
}
