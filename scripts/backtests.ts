import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { pumpAndDump, writeSection } from './backtests/pump-and-dump.ts';
import { sybilClusters } from './backtests/sybil-clusters.ts';

/**
 * Writes `docs/backtests.md` from what the command prints, one section a SOP. The data is not part of this repository:
 * `SOPWRIGHT_DATA` names it.
 */
const data = process.env['SOPWRIGHT_DATA'] ?? '../shared/data';
const trades = `${data}/pump/trades.parquet`;

if (!existsSync(trades)) {
  process.stderr.write(`skipped: no ${trades}; set SOPWRIGHT_DATA to the folder that holds pump/\n`);
  process.exit(0);
}

const head = `# Back-tests

Made by \`npm run backtests\` from what the command prints; no figure here was typed by hand. Shares are rounded down.
`;
const pump = await pumpAndDump(data);
await writeSection(pump);
const sections = [pump.page, await sybilClusters(data)].filter((section) => section !== undefined);
await writeFile('docs/backtests.md', [head, ...sections].join('\n'));
