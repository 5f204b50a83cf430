import { type Diagnostic, diagnose, type Outcome } from '../../diagnostics/diagnostic.ts';
import { type PackedYaml, packYaml, unpackYaml } from '../../syntax/pack-yaml.ts';
import { childOf, entryOf, textOf, textsOf, type YamlMap, type YamlNode } from '../../syntax/yaml.ts';
import { type Located, type Span, spanAt } from '../../text/source.ts';
import { secondsOf } from '../../text/time.ts';
import type {
  Case,
  CaseInput,
  CaseKind,
  Draft,
  Expectation,
  GivenRow,
  GivenRows,
  GivenTable,
  KnownGap,
  Monotone,
  NamedLiteral,
  ProvidedRow,
  SubjectMatch,
} from '../case.ts';
import { validate } from '../schema/validate.ts';
import type { Literal } from '../value.ts';
import { exactNumber } from './literals.ts';

/** What stands where a person has not decided yet. */
export const undecided = '?';

/**
 * Builds a case, or a draft of one, from a YAML file. `null` where the file is no case at all or breaks the schema: nothing
 * half-read is run. The rows of its tables come from `packed`, which is the same tree.
 */
export function buildCase(
  path: string,
  node: YamlNode | null,
  packed: PackedYaml | null = node && packYaml(node),
): Outcome<Case | Draft | null> {
  const found: Diagnostic[] = [];
  if (node?.kind !== 'map') {
    const span = node?.span ?? spanAt(path, 0, 1);
    return [
      null,
      [
        diagnose('SOP204', span, {
          what: 'a case file',
          expected: 'a block of keys such as `case: my-case`',
          found: 'something else',
        }),
      ],
    ];
  }
  found.push(...validate('case', node, 'the case'));
  if (found.length > 0) return [null, found];
  const name = required(node, 'case');
  const expected =
    path
      .split('/')
      .at(-1)
      ?.replace(/\.ya?ml$/, '') ?? '';
  if (name.value !== expected) {
    found.push(
      diagnose(
        'SOP226',
        name.span,
        { what: 'case', found: name.value, expected },
        { edits: [{ span: name.span, text: expected }] },
      ),
    );
  }
  const before = found.length;
  const input = buildInput(node, packed, name.span, found);
  const monotone = buildMonotone(childOf(node, 'monotone'), packed, found);
  if (input === null || found.length > before) return [null, found];
  const { kind, ...shared } = sharedParts(node, path);
  const expect = childOf(node, 'expect');
  const isOpen = textOf(expect)?.value === undecided;
  const story = {
    ...shared,
    name,
    path,
    input,
    monotone,
    asOf: textOf(childOf(node, 'as_of')) ?? null,
    expect: buildExpectations(expect),
    replaces: textsOf(childOf(node, 'replaces')),
    span: name.span,
  };
  const knownGap = buildKnownGap(childOf(node, 'known_gap'));
  if (!isOpen && kind !== null) return [{ ...story, kind, knownGap }, found];
  if (knownGap !== null) {
    found.push(diagnose('SOP233', knownGap.span, { case: name.value }));
    return [null, found];
  }
  return [{ ...story, kind, isDraft: true }, found];
}

/** What a YAML case and the block above a table of cases have in common. */
export function sharedParts(node: YamlNode | null, path: string) {
  const blank: Located<string> = { value: '', span: node?.span ?? spanAt(path, 0, 0) };
  const text = (key: string) => textOf(childOf(node, key)) ?? blank;
  const only = childOf(node, 'only');
  const kind = text('kind').value;
  return {
    sop: /^sops\/([^/]+)\//.exec(path)?.[1] ?? '',
    title: text('title').value,
    technique: text('technique'),
    market: text('market'),
    /** Null where nobody has decided. */
    kind: kind === undecided ? null : (kind as CaseKind), // the schema admits these words only
    source: text('source').value,
    segment: textOf(childOf(node, 'segment')) ?? null,
    others: textOf(childOf(node, 'others')) ?? null,
    only: only === undefined ? null : textsOf(only),
    also: textsOf(childOf(node, 'also')),
  };
}

function required(node: YamlMap, key: string): Located<string> {
  return textOf(childOf(node, key)) ?? { value: '', span: node.span };
}

function buildInput(node: YamlMap, packed: PackedYaml | null, span: Span, found: Diagnostic[]): CaseInput | null {
  const given = entryOf(node, 'given');
  const signals = entryOf(node, 'signals');
  if ((given === undefined) === (signals === undefined)) {
    const what = given === undefined ? 'neither `given:` nor `signals:`' : 'both `given:` and `signals:`';
    found.push(diagnose('SOP227', signals?.key.span ?? span, { what }));
    return null;
  }
  if (signals !== undefined) return { kind: 'signals', values: namedLiterals(signals.value) };
  return { kind: 'given', ...buildGivens(given?.value, packed, found) };
}

/** The tables under `given:`, and the rows under `provided`. */
export function buildGivens(node: YamlNode | undefined, packed: PackedYaml | null, found: Diagnostic[]) {
  const tables: GivenTable[] = [];
  const provided: ProvidedRow[] = [];
  for (const { key, value } of node?.kind === 'map' ? node.entries : []) {
    if (key.value === 'provided') provided.push(...buildProvided(value, found));
    else {
      const table = buildGiven(key, value, { packed, key: 'given' }, found);
      if (table !== undefined) tables.push(table);
    }
  }
  return { tables, provided };
}

function buildMonotone(node: YamlNode | undefined, packed: PackedYaml | null, found: Diagnostic[]): Monotone | null {
  if (node?.kind !== 'map') return null;
  const tables = node.entries.map(({ key, value }) => buildGiven(key, value, { packed, key: 'monotone' }, found));
  return { tables: tables.filter((table) => table !== undefined), span: node.span };
}

/** Where tables stand: the file's tree, and a key of it. */
interface Givens {
  readonly packed: PackedYaml | null;
  readonly key: 'given' | 'monotone';
}

function buildGiven(
  name: Located<string>,
  node: YamlNode,
  givens: Givens,
  found: Diagnostic[],
): GivenTable | undefined {
  const path = node.kind === 'scalar' ? textOf(node) : undefined;
  if (path !== undefined) return { name, data: { kind: 'file', path } };
  if (node.kind === 'scalar' && node.value === null) return { name, data: { kind: 'rows', rows: [] } };
  const rows = node.kind === 'list' ? node.items : [];
  if (node.kind !== 'list' || rows.some((row) => buildRow(row) === undefined)) {
    found.push(
      diagnose('SOP228', node.span, { what: `\`${name.value}\` must be a list of rows, or the path of a file` }),
    );
    return undefined;
  }
  return { name, data: rowsOf(name.value, givens) };
}

/**
 * Rows are read when a case is checked and when it runs, and a library has more of them than of all else: between times they
 * are not held, and come from the packed tree.
 */
function rowsOf(table: string, { packed, key }: Givens): GivenRows {
  return {
    kind: 'rows',
    get rows() {
      const list = childOf(childOf(packed && unpackYaml(packed), key), table);
      return list?.kind === 'list' ? list.items.map(buildRow).filter((row) => row !== undefined) : [];
    },
  };
}

/** `undefined` where the row is none, or holds more than plain values. */
export function buildRow(node: YamlNode): GivenRow | undefined {
  if (node.kind !== 'map') return undefined;
  const cells = node.entries.map(({ key, value }) => {
    const scalar = value.kind === 'scalar' ? value : undefined;
    const text = scalar === undefined || scalar.value === null ? null : scalar.source;
    return { column: key, text, quoted: scalar?.quoted ?? false, span: value.span, nested: scalar === undefined };
  });
  return cells.some((cell) => cell.nested) ? undefined : { cells, span: node.span };
}

function buildProvided(node: YamlNode, found: Diagnostic[]): ProvidedRow[] {
  if (node.kind === 'list' && node.items.every((item) => item.kind === 'map')) {
    return node.items.map((item) => ({ values: namedLiterals(item), span: item.span }));
  }
  found.push(
    diagnose('SOP228', node.span, {
      what: '`provided` must be a list of rows: columns of the subject, and values of signals without SQL',
    }),
  );
  return [];
}

function namedLiterals(node: YamlNode): NamedLiteral[] {
  if (node.kind !== 'map') return [];
  return node.entries.map(({ key, value }) => ({
    name: key,
    value: literalOf(value),
    text: textOf(value)?.value ?? null,
    span: value.span,
  }));
}

/** Numbers keep every digit; words are text. */
export function literalOf(node: YamlNode): Literal {
  if (node.kind !== 'scalar' || node.value === null) return null;
  if (typeof node.value === 'number' && Number.isFinite(node.value)) return exactNumber(node.source) ?? node.source;
  if (typeof node.value === 'boolean') return node.value;
  return node.source;
}

/** Keys of an expectation that are no columns of the subject. */
export const asserted = ['members', 'disposition', 'severity', 'rule'];

export function buildExpectations(node: YamlNode | undefined): Expectation[] {
  return (node?.kind === 'list' ? node.items : []).flatMap((item) => {
    if (item.kind !== 'map') return [];
    const subject = item.entries.filter(({ key }) => !asserted.includes(key.value));
    const rule = childOf(item, 'rule');
    return [
      {
        subject: subject.map(({ key, value }): SubjectMatch => ({ column: key, match: matchOf(value) })),
        members: textsOf(childOf(childOf(item, 'members'), 'includes')),
        disposition: textOf(childOf(item, 'disposition')) ?? null,
        severity: textOf(childOf(item, 'severity')) ?? null,
        rules: rule === undefined ? [] : textsOf(rule),
        span: item.span,
      },
    ];
  });
}

function matchOf(node: YamlNode): SubjectMatch['match'] {
  const near = textOf(childOf(node, 'near'));
  if (near === undefined) return { kind: 'equal', text: textOf(node)?.value ?? null };
  return { kind: 'near', text: near.value, seconds: secondsOf(textOf(childOf(node, 'within'))?.value ?? '') ?? 0 };
}

function buildKnownGap(node: YamlNode | undefined): KnownGap | null {
  if (node?.kind !== 'map') return null;
  return {
    outcome: required(node, 'outcome').value as KnownGap['outcome'], // the schema admits these words only
    owner: required(node, 'owner'),
    reason: required(node, 'reason').value,
    until: required(node, 'until'),
    span: node.span,
  };
}
