import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `npm start` builds the command only where something that it is made of has changed since the last build of this script. */
const stamp = 'dist/inputs.sha256';

const files = ['src', 'scripts', 'schemas']
  .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .concat('package.json', 'package-lock.json')
  .sort();
const hash = createHash('sha256').update(`${process.version}\n`);
for (const file of files) hash.update(`${file}\n`).update(readFileSync(file));
// A build of another script leaves other bytes: what stands in dist/ belongs to the inputs, too.
const made = () =>
  existsSync('dist/sop.mjs') ? createHash('sha256').update(readFileSync('dist/sop.mjs')).digest('hex') : '';
const inputs = hash.digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== `${inputs} ${made()}\n`) {
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, `${inputs} ${made()}\n`);
}
