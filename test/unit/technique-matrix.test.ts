import { describe, expect, test } from 'vitest';
import type { SopProof } from '../../src/coverage/obligation.ts';
import { percentOf, tallies } from '../../src/coverage/tally.ts';
import { crossSops } from '../../src/coverage/techniques/cross-sops.ts';
import { nextSteps } from '../../src/coverage/techniques/next-steps.ts';
import { countCells, techniqueMatrix } from '../../src/coverage/techniques/technique-matrix.ts';
import { diagnose } from '../../src/diagnostics/diagnostic.ts';
import type { CaseKind, CaseOutcome } from '../../src/model/case.ts';
import { noConfig } from '../../src/model/config.ts';
import type { Library, Technique } from '../../src/model/library.ts';
import type { Sop } from '../../src/model/sop.ts';
import type { CaseResult } from '../../src/replay/run-case.ts';
import type { OtherView } from '../../src/replay/run-once.ts';
import type { TestRun } from '../../src/replay/test-library.ts';
import { caseOf, desk, sopOf } from '../support/sops.ts';

const span = { path: '', start: 0, end: 0 };
const located = (value: string) => ({ value, span });
const technique = (id: string, markets: readonly string[]): Technique => ({
  id: located(id),
  name: `Technique ${id}`,
  family: id.slice(0, 2),
  what: 'It happens.',
  markets,
});
const claiming = (id: string, techniques: readonly string[], markets: readonly string[], status = 'approved'): Sop => ({
  ...sopOf(['subject: [account]']),
  id: located(id),
  techniques: techniques.map(located),
  markets: markets.map(located),
  status: { value: status as Sop['status']['value'], span }, // one of its words
});

let made = 0;
function result(
  sop: string,
  technique: string,
  market: string,
  kind: CaseKind,
  outcome: CaseOutcome,
  more: {
    readonly owner?: string;
    readonly until?: string;
    readonly entry?: CaseResult['entry'];
    readonly observed?: CaseOutcome;
    readonly disposition?: string;
  } = {},
): CaseResult {
  const gap = `known_gap: {outcome: missed, owner: ${more.owner ?? 'desk'}, reason: agreed, until: ${more.until ?? '2027-01-01'}}`;
  const isGap = ['known_gap', 'gap_closed', 'gap_expired'].includes(outcome);
  const expected = kind === 'benign' ? 'dismiss' : 'escalate';
  const yaml = `kind: ${kind}\nsignals: {share: 1}\nexpect: [{disposition: ${expected}}]${isGap ? `\n${gap}` : ''}`;
  const entry = more.entry ?? {
    ...caseOf(yaml),
    name: located(`case-${made++}`),
    sop,
    technique: located(technique),
    market: located(market),
  };
  const disposition = more.disposition ?? (outcome === 'caught' ? 'escalate' : 'dismiss');
  const decision = { kind: 'decided', disposition, severity: 'info', rule: 'R1', trail: [] } as const;
  return {
    entry, sop, counts: true, outcome, observed: more.observed ?? (isGap ? (outcome === 'gap_closed' ? 'caught' : 'missed') : outcome), subject: '',
    expected: { disposition: expected, severity: null, rules: [], atMost: false }, actual: decision,
    decided: outcome === 'error' ? [] : [{ key: [], values: new Map(), decision }], signals: {}, why: '', diagnostics: [],
  }; // biome-ignore format: a blank form
}

function library(sops: readonly Sop[], techniques: readonly Technique[], results: readonly CaseResult[] = []): Library {
  return {
    desk: { ...desk, markets: ['spot', 'perp'] },
    taxonomy: { families: [...new Set(techniques.map(({ family }) => family))].map((id) => ({ id, name: id })), techniques },
    sops, cases: [...new Set(results.map(({ entry }) => entry))], drafts: [], tables: [], views: [], lists: [], viewCases: [], sources: [], unreadSources: [],
    mappings: [], templates: [], unreadCases: [], config: noConfig, sets: [],
  }; // biome-ignore format: a blank form
}

const wt = technique('WT-01', ['spot', 'perp']);
const a = claiming('a', ['WT-01'], ['spot']);
const b = claiming('b', ['WT-01'], ['spot', 'perp']);
const states = (sops: readonly Sop[], results: readonly CaseResult[], techniques = [wt]) =>
  techniqueMatrix(library(sops, techniques, results), results).map(({ state }) => state);

describe('the first state that applies', () => {
  const attack = (outcome: CaseOutcome, sop = 'a', market = 'spot') => result(sop, 'WT-01', market, 'attack', outcome);
  const benign = (outcome: CaseOutcome, sop = 'a', market = 'spot') => result(sop, 'WT-01', market, 'benign', outcome);
  const faulty = (one: CaseResult): CaseResult => ({
    ...one,
    diagnostics: [{ ...diagnose('SOP704', span, { case: '', sop: '', explanation: '' }), code: 'SOP720' }],
  });
  const nobody = caseOf('kind: benign\ngiven: {trades: []}\nexpect: []').input;
  const empty = (one: CaseResult): CaseResult => ({ ...one, entry: { ...one.entry, input: nobody } });
  test.each<[string, readonly Sop[], readonly CaseResult[], string]>([
    ['no SOP', [], [], 'blind'],
    ['a SOP that is retired', [claiming('a', ['WT-01'], ['spot'], 'retired')], [], 'blind'],
    ['cases alone claim nothing', [claiming('a', [], ['spot'])], [attack('caught'), benign('left_alone')], 'blind'],
    ['the technique in another market', [claiming('a', ['WT-01'], ['perp'])], [], 'blind'],
    ['a draft of a SOP', [claiming('a', ['WT-01'], ['spot'], 'draft')], [], 'claimed'],
    ['no case', [a], [], 'claimed'],
    ['cases of another market', [a], [attack('caught', 'a', 'perp'), benign('left_alone', 'a', 'perp')], 'claimed'],
    [
      'cases of a SOP that does not claim it',
      [a, claiming('c', [], ['spot'])],
      [attack('caught', 'c'), benign('left_alone', 'c')],
      'claimed',
    ],
    ['a gap that is closed, and still noted', [a], [attack('gap_closed')], 'claimed'],
    ['attacks only', [a], [attack('caught'), attack('caught')], 'half_proven'],
    ['an incident only', [a], [result('a', 'WT-01', 'spot', 'incident', 'caught')], 'half_proven'],
    ['innocents only', [a], [benign('left_alone')], 'half_proven'],
    ['each by another SOP', [a, b], [attack('caught', 'a'), benign('left_alone', 'b')], 'half_proven'],
    ['both', [a], [attack('caught'), benign('left_alone')], 'proven'],
    [
      'both, by one of two',
      [a, b],
      [attack('caught', 'b'), benign('left_alone', 'b'), attack('caught', 'a')],
      'proven',
    ],
    ['an innocent who is not there', [a], [attack('caught'), empty(benign('left_alone'))], 'half_proven'],
    ['missed', [a], [attack('caught'), benign('left_alone'), attack('missed')], 'gap'],
    [
      'missed, by another SOP than the one that catches it',
      [a, b],
      [attack('caught'), benign('left_alone'), attack('missed', 'b')],
      'gap',
    ],
    ['caught, with SQL that looks ahead', [a], [faulty(attack('caught')), benign('left_alone')], 'gap'],
    ['missed, and known', [a], [attack('caught'), benign('left_alone'), attack('known_gap')], 'gap'],
    ['missed, and known too long', [a], [attack('caught'), benign('left_alone'), attack('gap_expired')], 'gap'],
    ['an innocent accused', [a], [attack('caught'), benign('left_alone'), benign('false_alarm')], 'gap'],
    ['found, with another severity', [a], [attack('caught'), benign('left_alone'), attack('differs')], 'gap'],
    ['undecided', [a], [attack('caught'), benign('left_alone'), attack('error')], 'gap'],
    [
      'missed by a SOP that does not claim it',
      [a, claiming('c', [], [])],
      [attack('caught'), benign('left_alone'), attack('missed', 'c')],
      'gap',
    ],
  ])('%s', (_, sops, results, state) => {
    expect(states(sops, results)[0]).toBe(state);
  });
  test('where it cannot happen, whatever is claimed', () => {
    const spot = technique('WT-01', ['spot']);
    expect(states([b], [attack('caught', 'b', 'perp')], [spot])).toEqual(['claimed', 'not_applicable']);
  });
  test('nothing of one market is said of another', () => {
    expect(states([b], [attack('caught', 'b'), benign('left_alone', 'b')])).toEqual(['proven', 'claimed']);
  });
  test('counts leave out what cannot happen', () => {
    const cells = techniqueMatrix(library([a], [wt, technique('WT-02', ['spot'])]), []);
    expect(countCells(cells)).toEqual({
      total: 3, blind: 2, gap: 0, claimed: 1, half_proven: 0, proven: 0, not_applicable: 1,
    }); // biome-ignore format: one line
  });
});

describe('what to do next', () => {
  const steps = (sops: readonly Sop[], results: readonly CaseResult[], techniques = [wt]) =>
    nextSteps(techniqueMatrix(library(sops, techniques, results), results)).map(({ kind, cells, says, fix }) => [
      kind,
      cells.map((cell) => `${cell.technique.id.value} ${cell.market}`),
      says,
      fix,
    ]);
  test('what nobody accepted first, then what nobody looks at', () => {
    const found = steps(
      [a],
      [
        result('a', 'WT-01', 'spot', 'attack', 'known_gap', { owner: 'legal', until: '2026-12-01' }),
        result('a', 'WT-01', 'spot', 'attack', 'missed'),
      ],
      [technique('SY-01', ['spot', 'perp']), technique('SY-02', ['perp']), wt],
    );
    expect(found.map(([kind, cells]) => [kind, cells])).toEqual([
      ['open', ['WT-01 spot']],
      ['blind', ['SY-01 spot', 'SY-01 perp', 'SY-02 perp']],
      ['blind', ['WT-01 perp']],
    ]);
    expect(found[0]?.[3]).toBe('`sop test a` says why');
    expect(found[2]?.[2]).toBe('a claims it, though not there');
  });
  test('a known gap names who accepted it and until when, a gap past its date that it is over', () => {
    const gap = (outcome: CaseOutcome, until: string) =>
      result('a', 'WT-01', 'spot', 'attack', outcome, { owner: 'legal', until });
    expect(steps([a], [gap('known_gap', '2027-02-01'), gap('known_gap', '2026-12-01')])[1]?.[3]).toBe(
      'up to legal: close it, or look at it again by 2026-12-01',
    );
    expect(steps([a], [gap('known_gap', '2027-02-01'), gap('gap_expired', '2026-01-01')])[0]).toMatchObject([
      'open',
      ['WT-01 spot'],
      expect.stringContaining('past its date'),
      'up to legal: close it, or accept it anew with a later date',
    ]);
  });
  test('the half that is missing', () => {
    const [half] = steps([a], [result('a', 'WT-01', 'spot', 'attack', 'caught')]).filter(
      ([kind]) => kind === 'half_proven',
    );
    expect(half?.[3]).toBe('`sop new case a NAME --technique WT-01 --kind benign` starts a case, with `market: spot`');
  });
  test('nothing where all is proven', () => {
    const results = [
      result('b', 'WT-01', 'spot', 'attack', 'caught'),
      result('b', 'WT-01', 'spot', 'benign', 'left_alone'),
    ];
    expect(steps([b], results, [technique('WT-01', ['spot'])])).toEqual([]);
  });
});

describe('across SOPs', () => {
  const cross = (sops: readonly Sop[], results: readonly CaseResult[], elsewhere: readonly OtherView[] = []) => {
    const run: TestRun = { asked: [], again: false, results, elsewhere, drafts: [], views: [], diagnostics: [] };
    return crossSops(library(sops, [wt], results), run);
  };
  const told = ({ disagreements }: ReturnType<typeof cross>) =>
    disagreements.map(({ kind, further, milder }) => [
      kind,
      further.map(({ sop }) => sop),
      milder.map(({ sop }) => sop),
    ]);
  const shown = (of: CaseResult, sop: string, disposition: string | null): OtherView => ({
    case: of.entry.name.value,
    sop,
    disposition,
  });
  const attack = result('a', 'WT-01', 'spot', 'attack', 'caught');
  const innocent = result('a', 'WT-01', 'spot', 'benign', 'left_alone');

  test('one SOP alone', () => {
    expect(cross([a, b], [attack], [shown(attack, 'b', 'monitor')]).alone).toMatchObject([
      { sop: 'a', claimedToo: ['b'], seenBy: ['b'] },
    ]);
    const both = [attack, result('b', 'WT-01', 'spot', 'attack', 'caught', { entry: attack.entry })];
    expect(cross([a, b], both).alone).toEqual([]);
    expect(cross([a, b], [innocent]).alone).toEqual([]);
  });
  test('an innocent whom one leaves alone and the other accuses', () => {
    expect(told(cross([a, b], [innocent], [shown(innocent, 'b', 'escalate')]))).toEqual([['accuses', ['b'], ['a']]]);
    expect(told(cross([a, b], [innocent], [shown(innocent, 'b', 'dismiss')]))).toEqual([]);
    expect(told(cross([a, b], [innocent], [shown(innocent, 'b', null)]))).toEqual([]);
    const too = result('b', 'WT-01', 'spot', 'benign', 'false_alarm', {
      entry: innocent.entry,
      disposition: 'monitor',
    });
    expect(told(cross([a, b], [innocent, too]))).toEqual([['accuses', ['b'], ['a']]]);
  });
  test('an attack that one finds and the other overlooks, though it claims it', () => {
    expect(told(cross([a, b], [attack], [shown(attack, 'b', 'dismiss')]))).toEqual([['overlooks', ['a'], ['b']]]);
    expect(told(cross([a, b], [attack], [shown(attack, 'b', null)]))).toEqual([['overlooks', ['a'], ['b']]]);
    expect(told(cross([a, claiming('c', ['WT-01'], ['perp'])], [attack], [shown(attack, 'c', null)]))).toEqual([]);
  });
  test('a gap of its own that another SOP sees', () => {
    const gap = result('a', 'WT-01', 'spot', 'attack', 'known_gap');
    expect(told(cross([a, claiming('c', [], [])], [gap], [shown(gap, 'c', 'monitor')]))).toEqual([
      ['overlooks', ['c'], ['a']],
    ]);
  });
  test('whoever could not say anything disagrees with nobody', () => {
    const error = result('a', 'WT-01', 'spot', 'attack', 'error');
    expect(told(cross([a, b], [error], [shown(error, 'b', 'escalate')]))).toEqual([]);
  });
  test('its own SOP first', () => {
    const own = result('b', 'WT-01', 'spot', 'attack', 'caught');
    const { sightings } = cross([a, b], [own], [shown(own, 'a', 'monitor'), shown(own, 'c', null)]);
    expect(sightings[0]?.answers.map(({ sop, outcome }) => [sop, outcome])).toEqual([
      ['b', 'caught'],
      ['a', null],
      ['c', null],
    ]);
  });
});

describe('figures of a proof', () => {
  test('are rounded down, never up to 100', () => {
    expect([percentOf(41, 52), percentOf(999, 1000), percentOf(1000, 1000), percentOf(0, 3), percentOf(0, 0)]).toEqual([
      78,
      99,
      100,
      0,
      null,
    ]);
  });
  test('leave out what no input can show, and count what is not known as not proved', () => {
    const obligation = (state: SopProof['obligations'][number]['state']) => ({
      id: state, kind: 'mutant', table: null, rule: null, column: null, span, replacement: null, says: '', state, by: [], witness: null, needs: null,
    }) as const; // biome-ignore format: a blank form
    const proof: SopProof = {
      sop: 'a',
      obligations: [obligation('proven'), obligation('impossible'), obligation('undecided')],
      leftOut: [],
      sql: null,
    };
    const found = tallies(proof);
    expect(found.find(({ kind }) => kind === 'mutant')).toEqual({
      kind: 'mutant',
      proven: 1,
      open: 0,
      undecided: 1,
      impossible: 1,
      total: 2,
      percent: 50,
    });
    expect(found.find(({ kind }) => kind === 'bound')).toMatchObject({ total: 0, percent: null });
  });
});
