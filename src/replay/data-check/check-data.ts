import type { TableFacts } from '../../model/survey.ts';
import { compareFindings, type Finding } from './finding.ts';
import { judgeFiles } from './judge-files.ts';
import { judgeRows } from './judge-rows.ts';
import { judgeTimes } from './judge-times.ts';
import { judgeValues } from './judge-values.ts';

/** All that is wrong with the files of one table, gravest first. */
export function judgeTable(facts: TableFacts): Finding[] {
  return [...judgeFiles(facts), ...judgeTimes(facts), ...judgeValues(facts), ...judgeRows(facts)].sort(compareFindings);
}

/** What could not be looked at for want of a column: silence about it would read as "clean". */
export function notChecked(facts: TableFacts): string[] {
  const has = (name: string) => facts.files.some((file) => file.present.includes(name));
  const without: string[] = [];
  if (facts.duplicates === null) without.push('repeated rows (no column numbers them)');
  if (!has('ingested_ts')) without.push('late rows and clocks (no `ingested_ts`)');
  if (facts.table === 'trades' && !has('taker_side')) without.push('swapped sides (no `taker_side`)');
  if (facts.table === 'trades' && !has('notional') && !has('notional_usd'))
    without.push('sizes in contracts (no `notional` or `notional_usd`)');
  return without;
}
