import { describe, expect, test } from 'vitest';
import { comparePromise } from '../../src/coverage/ratchet/promise.ts';
import { buildCase } from '../../src/model/build/case.ts';
import type { Case } from '../../src/model/case.ts';
import type { Desk } from '../../src/model/library.ts';
import { parseYaml } from '../../src/syntax/parse-yaml.ts';

const desk: Desk = {
  dispositions: ['dismiss', 'monitor', 'investigate', 'escalate'],
  severities: ['info', 'low', 'high'],
  markets: ['spot'],
  teams: [],
};

const base = `case: c
title: A case
technique: WT-01
market: spot
kind: KIND
source: desk reasoning
as_of: 2026-01-05 11:00:00
given:
  trades:
    - {symbol: A, price: 1}
expect:
  - {account_id: a1, ts: {near: 2026-01-05 10:00:00, within: 15m}, disposition: investigate, severity: low, rule: [R1, R2]}
  - {members: {includes: [a, b]}, disposition: monitor}
others: monitor
monotone: {trades: [{symbol: A}]}
`;

function read(text: string): Case {
  const path = 'sops/x/cases/c.yaml';
  const [node, found] = parseYaml(path, text);
  const [entry, more] = buildCase(path, node);
  expect([...found, ...more].map(({ code }) => code)).toEqual([]);
  if (entry === null || 'isDraft' in entry) throw new Error('no case');
  return entry;
}

function change(kind: string, replace: string | RegExp, by: string) {
  const text = base.replace('KIND', kind);
  expect(text.replace(replace, by)).not.toBe(text);
  const { less, other } = comparePromise(read(text), read(text.replace(replace, by)), desk);
  return { less: less.map(({ says }) => says), other };
}

describe('asks for less', () => {
  const rows: [string, string, string | RegExp, string, string][] = [
    ['kind', 'attack', 'kind: attack', 'kind: benign', '`attack` became `benign`'],
    ['a milder answer to an attack', 'attack', 'disposition: investigate', 'disposition: monitor', 'investigate became monitor'],
    ['a graver answer to an innocent', 'benign', 'disposition: investigate', 'disposition: escalate', 'investigate became escalate'],
    ['a word that nobody knows', 'attack', 'severity: low', 'severity: odd', 'low became odd'],
    ['a lower severity', 'incident', 'severity: low', 'severity: info', 'low became info'],
    ['one rule more', 'attack', '[R1, R2]', '[R1, R2, R3]', 'rule R1 or R2 became R1 or R2 or R3'],
    ['no rule', 'attack', ', rule: [R1, R2]', '', 'it does not say the `rule` any more (R1 or R2)'],
    ['a wider time', 'attack', 'within: 15m', 'within: 60m', '`ts` within 1h, not within 15m'],
    ['no column', 'attack', 'account_id: a1, ', '', 'it does not say which `account_id` any more'],
    ['fewer members', 'attack', '[a, b]', '[a]', 'the group need not hold b any more'],
    ['nobody', 'attack', /.*members.*\n/, '', 'nothing is expected of a group with a, b any more'],
    ['others', 'attack', 'others: monitor', 'others: escalate', '`others` monitor became escalate'],
    ['no monotone', 'attack', /monotone.*\n/, '', '`monotone` is gone'],
    ['later', 'attack', 'as_of: 2026-01-05 11', 'as_of: 2026-01-05 12', '`as_of` 2026-01-05 11:00:00 became 2026-01-05 12:00:00'],
    ['at any time', 'attack', /as_of.*\n/, '', '`as_of` 2026-01-05 11:00:00 is gone'],
    ['an innocent who may be accused', 'benign', 'others:', '  - {account_id: z, disposition: investigate}\nothers:', 'account_id = z may get investigate'],
  ]; // biome-ignore format: a table
  test.each(rows)('%s', (_, kind, replace, by, says) => {
    expect(change(kind, replace, by).less).toEqual([says]);
  });
});

describe('asks for as much, or more', () => {
  const rows: [string, string, string | RegExp, string, string[]][] = [
    ['a graver answer', 'attack', 'disposition: investigate', 'disposition: escalate', ['investigate became escalate']],
    ['fewer rules', 'attack', '[R1, R2]', 'R2', []],
    ['other rules', 'attack', '[R1, R2]', 'R3', ['rule R1 or R2 became R3']],
    ['a narrower time', 'attack', 'within: 15m', 'within: 5m', []],
    ['an exact time', 'attack', /\{near.*?\}/, '2026-01-05 10:00:00', []],
    ['another account', 'attack', 'account_id: a1', 'account_id: a2', ['another `account_id`']],
    ['a group by its members', 'attack', 'account_id: a1', 'members: {includes: [a1, a2]}', ['named by its `members` now']],
    ['more members', 'attack', '[a, b]', '[a, b, c]', []],
    ['others get less', 'attack', 'others: monitor', 'others: dismiss', []],
    ['earlier', 'attack', 'as_of: 2026-01-05 11', 'as_of: 2026-01-05 10', ['`as_of` 2026-01-05 11:00:00 became 2026-01-05 10:00:00']],
    ['the same moment', 'attack', 'as_of: 2026-01-05 11:00:00', 'as_of: 2026-01-05T12:00:00+01:00', []],
    ['other rows', 'attack', 'price: 1', 'price: 2', ['other data: `trades`']],
    ['another technique', 'attack', 'WT-01', 'WT-02', ['`technique` WT-01 became WT-02']],
    ['one more who is guilty', 'attack', 'others:', '  - {account_id: z, disposition: escalate}\nothers:', ['account_id = z may get escalate']],
    ['a title', 'attack', 'A case', 'The case', []],
    ['only', 'attack', 'others:', 'only: [x]\nothers:', ['`only` x']],
  ]; // biome-ignore format: a table
  test.each(rows)('%s', (_, kind, replace, by, says) => {
    expect(change(kind, replace, by)).toEqual({ less: [], other: says });
  });
});
