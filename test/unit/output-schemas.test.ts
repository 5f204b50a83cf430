import { describe, expect, test } from 'vitest';
import { names, problems, readSchema, type SchemaName } from '../support/output-schemas.ts';

describe('the keys that scripts rely on', () => {
  const figures = [
    'alerts',
    'labels',
    'true_positives',
    'false_positives',
    'misses',
    'precision',
    'recall',
    'f1',
    'intervals',
  ];
  const keys: Record<SchemaName, Record<string, string[]>> = {
    check: {
      '': ['version', 'summary', 'diagnostics'],
      summary: ['sops', 'errors', 'warnings'],
      'diagnostics.items': [
        'code',
        'severity',
        'message',
        'file',
        'line',
        'column',
        'end_line',
        'end_column',
        'why',
        'fix',
        'witness',
      ],
    },
    test: {
      '': ['version', 'summary', 'cases', 'coverage'],
      summary: [
        'sops',
        'cases',
        'caught',
        'left_alone',
        'missed',
        'false_alarm',
        'differs',
        'known_gap',
        'gap_closed',
        'gap_expired',
        'error',
      ],
      'cases.items': ['case', 'sop', 'kind', 'technique', 'market', 'outcome', 'expected', 'actual', 'why'],
    },
    build: { '': ['version', 'summary', 'diagnostics'] },
    'data-check': {
      '': ['version', 'summary', 'findings', 'tables', 'sops'],
      summary: ['errors', 'warnings', 'rows'],
      'findings.items': ['code', 'level', 'table', 'file', 'column', 'symbol', 'rows', 'message', 'action'],
    },
    backtest: {
      '': [
        'version',
        'sop',
        'rows',
        ...figures,
        'invalid',
        'undecided',
        'near',
        'missed',
        'false_alarms',
        'disagreements',
      ],
      'disagreements.items': ['row', 'rule', 'expected', 'actual'],
    },
    run: {
      '': ['version', 'runs', 'errors'],
      'runs.items': [
        'sop',
        'sop_version',
        'from',
        'as_of',
        'subjects',
        'missing',
        'unavailable',
        'undecided',
        'invalid',
        'rules',
        'alerts',
      ],
      'runs.items.missing.items': ['table', 'reason', 'detail', 'team', 'ready_at'],
      'runs.items.undecided.items': ['reason', 'detail', 'team', 'subjects', 'would_be_alerts'],
      'runs.items.alerts.items': [
        'alert_id',
        'sop',
        'version',
        'subject',
        'happened_at',
        'decided_at',
        'rule',
        'disposition',
        'severity',
        'decisions',
        'signals',
      ],
      'runs.items.alerts.items.evidence.items': ['group', 'source_table', 'row_id', 'ts', 'note', 'rows'],
    },
    ready: { '': ['version', 'symbol', 'sops'], 'sops.items': ['sop', 'state', 'as_of', 'missing', 'not_given'] },
    'what-if': {
      '': ['version', 'sops'],
      'sops.items': ['sop', 'before', 'after', 'days', 'rules', 'gained', 'lost', 'changed'],
    },
    import: {
      '': ['version', 'decision', 'summary', 'not_taken', 'notes', 'markdown'],
      summary: ['tables', 'rules', 'signals', 'parameters', 'not_taken'],
      'not_taken.items': ['decision', 'rule', 'column', 'text', 'why'],
    },
    compare: {
      '': ['version', 'sop', 'before', 'after', 'decisions', 'elsewhere'],
      'decisions.items': ['segment', 'comparable', 'columns', 'changes', 'not_known', 'other_rule_same_answer'],
      'decisions.items.changes.items': ['direction', 'region', 'before', 'after', 'witness'],
    },
    sensitivity: {
      '': ['version', 'sop', 'sop_version', 'cases', 'left_out', 'bounds', 'not_tried'],
      'bounds.items': ['kind', 'parameter', 'segment', 'table', 'rule', 'column', 'cell', 'now', 'down', 'up'],
      'bounds.items.down': ['limit', 'included', 'held_by', 'stop'],
    },
    traffic: {
      '': ['version', 'sop', 'subjects', 'by_tables', 'undecided', 'bounds', 'open', 'unavailable', 'not_counted'],
      'bounds.items': ['table', 'rule', 'column', 'bound', 'segments', 'within_a_step', 'hang_on_it'],
      'open.items': ['id', 'kind', 'says', 'subjects'],
    },
    suggest: {
      '': ['version', 'written', 'sops'],
      'sops.items': ['sop', 'left_out', 'suggestions', 'in_draft', 'left', 'sql'],
      'sops.items.suggestions.items': ['case', 'segment', 'signals', 'today', 'closes'],
    },
    coverage: {
      '': ['version', 'techniques', 'next', 'sightings', 'alone', 'disagreements', 'sops'],
      techniques: ['total', 'proven', 'half_proven', 'claimed', 'gap', 'blind', 'cells'],
      'techniques.cells.items': ['technique', 'market', 'state', 'claimed_by', 'cases'],
      'sops.items': ['sop', 'rules', 'bounds', 'conditions', 'null', 'outputs', 'mutants', 'open'],
    },
    eval: {
      '': ['version', 'agent', 'skills', 'summary', 'left_out', 'cases'],
      summary: ['cases', 'answered', 'all_right', 'criteria', 'recall', 'matrix'],
      'summary.criteria': ['disposition', 'severity', 'rule', 'numbers', 'steps', 'valid', 'innocents'],
      'summary.recall.items': ['technique', 'right', 'of'],
      'summary.matrix.items': ['expected', 'given', 'subjects'],
    },
    evals: {
      '': ['version', 'id', 'digest', 'sop', 'technique', 'market', 'kind', 'prompt', 'input', 'expected'],
      expected: ['kind', 'subject', 'dispositions', 'severities', 'expect', 'others'],
      'expected.expect.items': ['subject', 'members', 'disposition', 'severity', 'rules'],
    },
    all: { '': ['version', 'check', 'build', 'test'] },
  };
  test.each(names)('%s requires them', (name) => {
    const whole = readSchema(name);
    for (const [path, expected] of Object.entries(keys[name])) {
      const at =
        path === ''
          ? whole
          : path
              .split('.')
              .reduce<Record<string, unknown>>(
                (node, part) => (part === 'items' ? resolve(whole, node['items']) : child(node, part)),
                whole,
              );
      expect(at['required'], `${name} ${path}`).toEqual(expect.arrayContaining(expected));
    }
  });
});

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};

function child(node: Record<string, unknown>, name: string): Record<string, unknown> {
  return record(record(node['properties'])[name]);
}

function resolve(whole: Record<string, unknown>, node: unknown): Record<string, unknown> {
  const found = record(node);
  return found['$ref'] === '#/$defs/diagnostic' ? record(record(whole['$defs'])['diagnostic']) : found;
}

test('every object of a schema is closed and described, but for maps by name', () => {
  const open: string[] = [];
  const visit = (node: unknown, path: string): void => {
    if (Array.isArray(node)) for (const [index, entry] of node.entries()) visit(entry, `${path}/${index}`);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    const own = record(node);
    if (own['type'] === 'object' && !('additionalProperties' in own)) open.push(`${path} is open`);
    for (const [name, value] of Object.entries(record(own['properties']))) {
      const { description, $ref } = record(value);
      if (description === undefined && $ref === undefined) open.push(`${path}/${name} has no description`);
    }
    for (const [key, value] of Object.entries(own)) visit(value, `${path}/${key}`);
  };
  for (const name of names) visit(readSchema(name), name);
  expect(open).toEqual([]);
});

test('a schema refuses what it does not know', () => {
  const good = { version: 1, summary: { sops: 1, errors: 0, warnings: 0, notes: 0 }, diagnostics: [] };
  expect(problems('check', JSON.stringify(good))).toEqual([]);
  for (const bad of [
    { ...good, version: 2 },
    { ...good, extra: 1 },
    { ...good, diagnostics: [{}] },
    { ...good, summary: { sops: 1 } },
  ])
    expect(problems('check', JSON.stringify(bad))).not.toEqual([]);
});
