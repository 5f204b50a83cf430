import type { CheckedSop } from '../src/check/checked.ts';
import { resolveTables } from '../src/check/resolve-tables.ts';
import { proveSop, variantsOf } from '../src/coverage/prove-sop.ts';
import { buildCaseTable } from '../src/model/build/case-table.ts';
import { buildSop } from '../src/model/build/sop.ts';
import { defaultDesk } from '../src/model/build/vocabulary.ts';
import type { Case } from '../src/model/case.ts';
import type { CaseResult } from '../src/replay/run-case.ts';
import { runCase } from '../src/replay/run-case.ts';
import type { World } from '../src/replay/world.ts';
import { parseMarkdown } from '../src/syntax/parse-markdown.ts';
import { middle } from './analysis.ts';
import { benchRows, rules } from './decision-logic.ts';

const limit = 50;
/** Until then the functions are not compiled; a watch or a server gets there, one call of the command does not. */
const warmUps = 20;

/** All mutants, bounds and conditions of a 12 × 4 table on 90 cases, and the same slips each run as a test run of its own. */
export async function* mutationLines(): AsyncGenerator<string> {
  const { checked, standing, desk, world } = await setUp();
  const begun = performance.now();
  const proof = proveSop(checked, standing, desk);
  const first = performance.now() - begun;
  for (let run = 0; run < warmUps; run++) proveSop(checked, standing, desk);
  const ours = middle(() => proveSop(checked, standing, desk));
  const start = performance.now();
  for (const variant of variantsOf(checked, desk)) {
    const changed = { ...checked, logic: variant.of(checked.logic) };
    for (const { entry } of standing) await runCase(entry, changed, world, false);
  }
  const plain = performance.now() - start;
  const mutants = proof.obligations.filter(({ kind }) => kind === 'mutant');
  const of = (state: string) => mutants.filter((one) => one.state === state).length;
  const told = `${mutants.length} mutants: ${of('proven')} noticed, ${of('open')} survive, ${of('impossible')} equivalent`;
  yield `a whole mutation run of 12 × 4 on ${standing.length} cases (${told}): ${ours.toFixed(0)} ms, ${ours <= limit ? 'within' : 'OVER'} ${limit} (the first, of functions never called before: ${first.toFixed(0)} ms); each slip as a run of its own, equivalent ones not told apart: ${plain.toFixed(0)} ms`;
}

/** The table, and the results of cases that all pass. */
export async function setUp() {
  const checked = tableSop();
  const { desk, world } = surroundings();
  const cases = casesFor(checked);
  const results = await Promise.all(cases.map((entry) => runCase(entry, checked, world, false)));
  const standing = await Promise.all(asToday(cases, results).map((entry) => runCase(entry, checked, world, false)));
  return { checked, standing, desk, world };
}

function surroundings() {
  const desk = { ...defaultDesk, teams: [] };
  const world = { library: { desk, sources: [] }, today: '2026-11-01' } as unknown as World; // all that cases of signal values need
  return { desk, world };
}

function tableSop(): CheckedSop {
  const from = (value: number | null, below: number | null) =>
    value === null ? (below === null ? '-' : `< ${below}`) : below === null ? `>= ${value}` : `[${value}..${below})`;
  const rows = rules.map(({ ratioFrom, ratioBelow, notionalFrom, type, fillsAtMost, disposition, severity }, at) => {
    const cells = [
      from(ratioFrom, ratioBelow),
      from(notionalFrom, null),
      type === null ? '-' : `"${type}"`,
      fillsAtMost === null ? '-' : `<= ${fillsAtMost}`,
    ];
    return `| R${at + 1} | ${[...cells, disposition, severity].join(' | ')} |`;
  });
  const text = `---
id: bench
title: Bench
version: 1.0.0
status: draft
owner: desk
review_by: 2027-01-01
subject: [account_id]
---

# Bench

## Signals

### All

| Signal     | Type    | Range              | Missing |
|------------|---------|--------------------|---------|
| \`ratio\`    | number  | [0..1] step 0.0001 | 0       |
| \`notional\` | integer | >= 0               | 0       |
| \`type\`     | enum    | "mm", "retail"     | null    |
| \`fills\`    | integer | >= 0               | 0       |

## Decision

| F | ratio | notional | type | fills | → disposition | → severity |
|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
  const [sop] = buildSop(parseMarkdown({ path: 'sops/bench/SOP.md', text })[0]);
  if (sop === null) throw new Error('the SOP of the bench cannot be read');
  const [logic, problems] = resolveTables(sop, surroundings().desk);
  if (problems.some(({ level }) => level === 'error')) throw new Error('the SOP of the bench has errors');
  const reads = { tables: [], views: [], sound: true };
  return { sop, logic, segmentation: null, groups: [], reads, lists: [], sound: true };
}

function casesFor({ sop }: CheckedSop): Case[] {
  const rows = benchRows(90).map(
    ({ ratio, notional, type, fills }, at) =>
      `| c-${at} | attack | ${ratio} | ${notional} | "${type}" | ${fills} | dismiss |`,
  );
  const head = '| Case | Kind | ratio | notional | type | fills | disposition |\n|---|---|---|---|---|---|---|';
  const text = `---\ntechnique: WT-01\nmarket: spot\nsource: made up\n---\n\n# Cases\n\n${head}\n${rows.join('\n')}\n`;
  const [cases] = buildCaseTable(parseMarkdown({ path: 'sops/bench/cases/all.md', text })[0]);
  return cases.flatMap((entry) => ('isDraft' in entry ? [] : [{ ...entry, sop: sop.id.value }]));
}

/** The cases with what the table says today as what they expect. */
function asToday(cases: readonly Case[], results: readonly CaseResult[]): Case[] {
  return cases.map((entry, at) => {
    const decision = results[at]?.decided[0]?.decision;
    const [expected] = entry.expect;
    if (decision?.kind !== 'decided' || expected === undefined) throw new Error('a case of the bench is not decided');
    const { span } = entry;
    const said = {
      ...expected,
      disposition: { value: decision.disposition, span },
      severity: { value: decision.severity, span },
    };
    return { ...entry, expect: [said] };
  });
}
