import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkFloors, shareOf, tableFigures } from '../../src/coverage/floors.ts';
import type { Obligation, ObligationKind, ObligationState, SopProof } from '../../src/coverage/obligation.ts';
import { proofsOf } from '../../src/coverage/proofs.ts';
import { proveSop } from '../../src/coverage/prove-sop.ts';
import { wording } from '../../src/diagnostics/diagnostic.ts';
import { type Config, type Floor, noConfig } from '../../src/model/config.ts';
import type { SqlEngine } from '../../src/model/ports.ts';
import { stryker } from '../../src/report/stryker.ts';
import { spanAt } from '../../src/text/source.ts';
import { testEngine } from '../engine/support.ts';
import { mutationSchema } from '../support/foreign-schemas.ts';
import { type Ran, runLibrary, sopOf } from './library.ts';

let engine: SqlEngine;
let ran: Ran;
let proof: SopProof;
beforeAll(async () => {
  engine = testEngine();
  ran = await runLibrary(engine);
  proof = proveSop(sopOf(ran), ran.run.results, ran.checked.library.desk);
}, 60_000);
afterAll(() => engine.close());

interface Mutant {
  readonly id: string;
  readonly status: string;
  readonly statusReason?: string;
  readonly replacement?: string;
  readonly killedBy?: readonly string[];
  readonly location: Readonly<Record<'start' | 'end', { readonly line: number; readonly column: number }>>;
}

interface Report {
  readonly thresholds: { readonly high: number; readonly low: number };
  readonly files: Readonly<Record<string, { language: string; source: string; mutants: readonly Mutant[] }>>;
  readonly testFiles: Readonly<Record<string, { tests: readonly { id: string }[] }>>;
}

function report(proofs: readonly SopProof[], config: Config = noConfig): Report {
  const { library } = ran.checked;
  const text = stryker(proofs, { files: ran.files, cases: library.cases, config, version: '0.1.0' });
  expect(stryker(proofs, { files: ran.files, cases: library.cases, config, version: '0.1.0' })).toBe(text);
  const read = JSON.parse(text) as Report;
  const check = mutationSchema();
  expect(check(read) ? null : check.errors).toBe(null);
  return read;
}

test('every mutant of the proof, where it stands, with the cases that notice it', () => {
  const { files, testFiles } = report([proof]);
  expect(Object.keys(files)).toEqual(['sops/self-trades/SOP.md']);
  const file = files['sops/self-trades/SOP.md'];
  const wanted = proof.obligations.filter(({ kind }) => kind === 'mutant');
  expect(wanted.length).toBeGreaterThan(10);
  expect(file?.mutants.map(({ id }) => id)).toEqual(wanted.map(({ id }) => `self-trades/${id}`));
  expect(file?.language).toBe('markdown');
  const lines = file?.source.split('\n') ?? [];
  const tests = new Set(Object.values(testFiles).flatMap((entry) => entry.tests.map(({ id }) => id)));
  for (const [at, { location, killedBy = [], replacement }] of (file?.mutants ?? []).entries()) {
    const { span, by, replacement: own } = wanted[at] as Obligation;
    const { start, end } = location;
    if (start.line === end.line)
      expect(lines[start.line - 1]?.slice(start.column - 1, end.column - 1)).toBe(
        file?.source.slice(span.start, span.end),
      );
    expect([killedBy, replacement ?? null]).toEqual([by, own]);
    for (const name of killedBy) expect(tests).toContain(name);
  }
});

test('its score is ours', () => {
  const mutants = Object.values(report([proof]).files).flatMap((file) => file.mutants);
  const of = (...statuses: string[]) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const { proven, total } = shareOf(proof, 'mutation');
  expect([of('Killed'), of('Killed', 'Survived', 'NoCoverage')]).toEqual([proven, total]);
  for (const { status, statusReason } of mutants) expect(statusReason === undefined).toBe(status === 'Killed');
});

const made = (kind: ObligationKind, states: string, sop = 'demo'): SopProof => ({
  sop,
  leftOut: [],
  sql: null,
  obligations: [...states].map((letter, at): Obligation => {
    const state = ({ p: 'proven', o: 'open', i: 'impossible', u: 'undecided' } as const)[letter] as ObligationState;
    const span = spanAt('sops/demo/SOP.md', 0, 0);
    const by = state === 'proven' ? ['a-case'] : [];
    const rest = {
      table: kind === 'sql_mutant' ? null : 'decision',
      rule: null,
      column: null,
      replacement: null,
      witness: null,
      needs: null,
    };
    return { id: `${kind}/${at}`, kind, span, says: `R${at} \ud83d were gone`, state, by, ...rest };
  }),
});

test('what nobody could tell is neither killed nor left out', () => {
  const mutants = Object.values(report([made('sql_mutant', 'poiu')]).files).flatMap((file) => file.mutants);
  expect(mutants.map(({ status }) => status)).toEqual(['Killed', 'Survived', 'Ignored', 'NoCoverage']);
});

const floor = (figure: Floor['figure'], percent: number, sop: string | null = null): Floor => ({
  figure,
  percent,
  sop: sop === null ? null : { value: sop, span: spanAt('sop.config.yaml', 0, 1) },
  span: spanAt('sop.config.yaml', percent, percent + 1),
});

test('thresholds are the floors', () => {
  const config = (...floors: Floor[]): Config => ({ ...noConfig, floors });
  expect(report([proof]).thresholds).toEqual({ high: 80, low: 60 });
  expect(report([proof], config(floor('mutation', 95))).thresholds).toEqual({ high: 95, low: 95 });
  expect(report([proof], config(floor('mutation', 95), floor('mutation', 50, 'self-trades'))).thresholds).toEqual({
    high: 80,
    low: 50,
  });
});

test.each<[states: string, percent: number | null]>([
  ['', null],
  ['ii', null],
  ['p', 100],
  ['pi', 100],
  ['o', 0],
  ['pu', 50],
  ['ppo', 66],
  [`${'p'.repeat(999)}o`, 99],
])('%s is %s percent, rounded down', (states, percent) => {
  expect(shareOf(made('bound', states), 'bounds').percent).toBe(percent);
});

test('what was not tried is not said to go unnoticed, and does not reach a floor', () => {
  const config: Config = { ...noConfig, floors: [floor('sql_mutation', 80)] };
  const tried = (states: string, untried: readonly string[]): SopProof => ({
    ...made('sql_mutant', states),
    sql: { refused: 0, dropped: 0, unread: [], untried },
  });
  const said = (proof: SopProof) => checkFloors([proof], config, ['sql_mutation']).map(wording);
  expect(said(tried('puu', ['sql_mutant/1']))).toMatchObject([
    { label: '1 of 3 would be noticed; for 1 there was no time', why: expect.stringMatching(/would notice if R2/) },
  ]);
  expect(said(tried('pu', ['sql_mutant/1']))).toMatchObject([{ why: 'what was not tried is not proved' }]);
  expect(said(tried('ppppu', ['sql_mutant/4']))).toEqual([]);
});

test('a SOP is proved once a run', () => {
  const proofs = proofsOf(ran.checked, ran.run.results);
  expect(proofs.of(sopOf(ran))).toBe(proofs.of(sopOf(ran)));
  expect(proofs.of(sopOf(ran))).toEqual(proof);
  expect(proofsOf(ran.checked, [], [proof]).of(sopOf(ran))).toBe(proof);
});

test('a floor holds for each SOP, its own before that of all; nothing to prove is no failure', () => {
  const floors = [
    floor('bounds', 60),
    floor('bounds', 40, 'other'),
    floor('mutation', 100),
    floor('sql_mutation', 100),
  ];
  const proofs = [made('bound', 'po'), made('bound', 'po', 'other'), made('sql_mutant', 'o', 'third')];
  const said = (measured = tableFigures) =>
    checkFloors(proofs, { ...noConfig, floors }, measured).map(
      (found) => `${found.span.start} ${wording(found).message}`,
    );
  expect(said()).toEqual(['60 the cases of `demo` prove 50 % of its bounds; the floor is 60 %']);
  expect(said(['sql_mutation'])).toEqual([
    '100 the cases of `third` would notice 0 % of the slips of the pen in its SQL; the floor is 100 %',
  ]);
});
