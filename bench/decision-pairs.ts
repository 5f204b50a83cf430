import { DuckDBInstance } from '@duckdb/node-api';
import { compileRow } from '../src/decision/decide.ts';
import { normalise, type Scalar } from '../src/decision/normalise.ts';
import { dialects } from '../src/decision/sql/dialects.ts';
import { emitDecision } from '../src/decision/sql/emit-decision.ts';
import { type BenchRow, type BenchRule, benchRows, logic, rules } from './decision-logic.ts';
import { type Choose, jsonRulesEngine, zenEngine } from './decision-peers.ts';
import { type Measured, summarise } from './pairs.ts';

const million = 1_000_000;
const rows = benchRows(10_000);

/** Pairs within this process, run in turn like the others. Before anything is timed, both sides must answer alike. */
export async function decisionPairs(): Promise<Measured[]> {
  return [
    await tablePair('@gorules/zen-engine', zenEngine(), 10_000, 1 / 100),
    await tablePair('json-rules-engine', jsonRulesEngine(), 2000, 1 / 100),
    await sqlPair(),
  ];
}

/** A million tables of 12 rules over 4 inputs; the peer answers fewer rows, and its time is scaled up. */
async function tablePair(name: string, choose: Choose, peerRows: number, atMost: number): Promise<Measured> {
  const decide = compileRow(logic);
  const normalised = rows.map(normaliseRow);
  const some = rows.slice(0, peerRows);
  const expected = normalised.slice(0, peerRows).map((row) => {
    const decision = decide(row);
    return decision.kind === 'decided' ? decision.rule : decision.kind;
  });
  const given = await choose(some);
  if (expected.some((rule, index) => rule !== given[index])) throw new Error(`${name} answers otherwise`);
  const rounds = million / normalised.length;
  return inTurn({
    what: 'a million decisions, 12 rules over 4 inputs',
    ours: 'the compiled table',
    peer: name,
    atMost,
    runs: 5,
    runOurs: async () => {
      let decided = 0;
      for (let round = 0; round < rounds; round++)
        for (const row of normalised) if (decide(row).kind === 'decided') decided++;
      if (decided !== million) throw new Error('not every row was decided');
      return 1;
    },
    runPeer: async () => {
      await choose(some);
      return million / some.length;
    },
  });
}

function normaliseRow(row: BenchRow): Scalar[] {
  return [row.ratio, row.notional, row.type, row.fills].map((value, index) => {
    const column = logic.inputs[index];
    const read = column === undefined ? null : normalise(value, column);
    if (read === null || !read.ok) throw new Error('a row of the bench is not readable');
    return read.value;
  });
}

/** Five million rows in DuckDB: the emitted SQL against what a person would write, who rounds nothing and expects no NaN. */
async function sqlPair(): Promise<Measured> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`CREATE TABLE subjects AS SELECT ((n * 7919) % 10000) / 10000.0::DOUBLE AS ratio,
    ((n * 104729) % 1000000)::DOUBLE AS notional, CASE WHEN n % 3 = 0 THEN 'mm' ELSE 'retail' END AS type,
    (n * 31) % 100 AS fills FROM range(5000000) AS numbers(n)`);
  const emitted = emitDecision(logic, dialects.duckdb, { from: ['subjects'], keep: [], types: new Map() });
  if (!emitted.ok) throw new Error(emitted.reasons.join('; '));
  const hand = handWritten();
  const summary = 'SELECT kind, disposition, severity, rule, count(*) FROM';
  const both = [emitted.sql, hand].map((sql) => `${summary} (${sql}) GROUP BY ALL`);
  const differing = await connection.runAndReadAll(`(${both[0]}) EXCEPT (${both[1]})`);
  if (differing.currentRowCount > 0) throw new Error('the hand-written SQL answers otherwise');
  const run = (sql: string) => async () => {
    await connection.run(`SELECT max(kind), max(disposition), max(severity), max(rule) FROM (${sql})`);
    return 1;
  };
  const measured = await inTurn({
    what: 'the same table over five million rows in DuckDB',
    ours: 'the emitted SQL',
    peer: 'CASE by hand',
    atMost: 1.3,
    runs: 9,
    runOurs: run(emitted.sql),
    runPeer: run(hand),
  });
  connection.closeSync();
  return measured;
}

/** The quicker of two ways to write it: conditions once, then words by the rule's number. */
function handWritten(): string {
  const word = (show: (rule: BenchRule, number: number) => string) =>
    `CASE n ${rules.map((rule, index) => `WHEN ${index + 1} THEN '${show(rule, index + 1)}'`).join(' ')} END`;
  const cases = rules.map((rule, index) => `WHEN ${handCondition(rule)} THEN ${index + 1}`);
  return `SELECT 'decided' AS kind, ${word((rule) => rule.disposition)} AS disposition,
    ${word((rule) => rule.severity)} AS severity, ${word((_, number) => `R${number}`)} AS rule
    FROM (SELECT *, CASE ${cases.join(' ')} END AS n FROM subjects)`;
}

function handCondition(rule: BenchRule): string {
  const cells = [
    rule.ratioFrom === null ? [] : [`ratio >= ${rule.ratioFrom}`],
    rule.ratioBelow === null ? [] : [`ratio < ${rule.ratioBelow}`],
    rule.notionalFrom === null ? [] : [`notional >= ${rule.notionalFrom}`],
    rule.type === null ? [] : [`type = '${rule.type}'`],
    rule.fillsAtMost === null ? [] : [`fills <= ${rule.fillsAtMost}`],
  ].flat();
  return cells.length === 0 ? 'TRUE' : cells.join(' AND ');
}

interface InTurn {
  readonly what: string;
  readonly ours: string;
  readonly peer: string;
  readonly atMost: number;
  readonly runs: number;
  /** Each does its work and returns by how much its time is to be multiplied. */
  readonly runOurs: () => Promise<number>;
  readonly runPeer: () => Promise<number>;
}

async function inTurn({ runOurs, runPeer, runs, ...pair }: InTurn): Promise<Measured> {
  const times: [number, number][] = [];
  for (let run = 0; run <= runs; run++) {
    const both: [number, number] = [await secondsOf(runOurs), await secondsOf(runPeer)];
    if (run > 0) times.push(both);
  }
  return { ...pair, ...summarise(times) };
}

async function secondsOf(work: () => Promise<number>): Promise<number> {
  const start = performance.now();
  const factor = await work();
  return ((performance.now() - start) / 1000) * factor;
}
