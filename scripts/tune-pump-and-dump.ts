import { existsSync } from 'node:fs';
import { halves, say, tuning } from './backtests/pump-and-dump.ts';
import { share } from './backtests/share.ts';

/** Picks the thresholds of `pump-and-dump` from the older half of the labelled coins, and says what they give on both. */
const data = process.env['SOPWRIGHT_DATA'] ?? '../shared/data';
if (!existsSync(`${data}/pump/trades.parquet`)) {
  process.stderr.write(`skipped: no ${data}/pump/trades.parquet; set SOPWRIGHT_DATA to the folder that holds pump/\n`);
  process.exit(0);
}
const tuned = await tuning(data);
const { older, newer } = halves(tuned);
const picked = tuned.pick(older);
process.stdout.write(`picked on ${older.length} coins: ${say(tuned.settings[picked] ?? [])}\n`);
for (const [name, coins] of [
  ['older', older],
  ['newer', newer],
] as const) {
  const { near, all } = tuned.scores(picked, coins);
  process.stdout.write(`${name} half: F1 ${share(near)} within 24 h of a label, ${share(all)} everywhere\n`);
}
