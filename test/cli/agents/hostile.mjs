// A scripted agent for the tests of `sop eval`: no model is asked. It misbehaves on purpose, as its first argument says.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const [, , how, place] = process.argv;
const wait = () => setInterval(() => undefined, 1000);
const ways = {
  silent: wait,
  // A child of its own that would outlive it: it writes its number down for the test.
  orphan: () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'inherit' });
    writeFileSync(place, String(child.pid));
    wait();
  },
  leaving: () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'inherit' });
    writeFileSync(place, String(child.pid));
    child.unref();
    process.stdout.write('[]', () => process.exit(0));
  },
  flood: () => {
    const line = 'x'.repeat(65_536);
    const write = () => process.stdout.write(line, write);
    write();
  },
  'flood-stderr': () => {
    const line = 'x'.repeat(65_536);
    const write = () => process.stderr.write(line, write);
    write();
  },
  crash: () => {
    process.stderr.write('boom \u001b[31mred\u001b[0m\n');
    process.exit(3);
  },
  text: () => process.stdout.write('I think that nobody did anything wrong.'),
  empty: () => undefined,
  number: () => process.stdout.write('42'),
  nested: () => process.stdout.write('['.repeat(100_000)),
  many: () => process.stdout.write(`[${Array(2000).fill('{}').join(',')}]`),
  odd: () =>
    process.stdout.write(
      '[{"__proto__": {"polluted": true}, "subject": {"owner_id": {"a": 1}}, "decision": {"outcome": "decided", "disposition": "escalate\\u001b[2J", "rule": 7}, "signals": "none", "steps": [1]}]',
    ),
  environment: () => process.stdout.write(JSON.stringify([{ subject: { owner_id: Object.keys(process.env).sort().join(' ') }, decision: { outcome: 'decided', disposition: 'monitor' } }])),
};
ways[how]();
