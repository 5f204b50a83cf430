import type { DecisionJson } from './runtime/decide.ts';
import runtime from './runtime/decide.ts?bundled';

/** `scripts/decide.mjs`: the compiler's own evaluator, with the tables of one SOP in front. It reads standard input and nothing else. */
export function decideScript(decision: DecisionJson): string {
  return `#!/usr/bin/env node
// Decides by ${decision.sop} ${decision.sop_version}. Change the SOP, not this file.
//   echo '{"signals": {…}}' | node decide.mjs
// Below the tables stands the evaluator of sopwright, the same in every skill. It contains big.js by Michael Mclaughlin (MIT licence).

const decision = ${JSON.stringify(decision, null, 1)};

${runtime}
export const decide = sopwright.decider(decision);

const { argv, stdin, stdout, stderr } = process;
const { realpathSync } = await import('node:fs');
const { fileURLToPath } = await import('node:url');
const pathOf = (path) => {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
};
// Called, and not imported: by its name or through a link.
if (argv[1] !== undefined && pathOf(argv[1]) === pathOf(fileURLToPath(import.meta.url))) {
  let text = '';
  stdin.setEncoding('utf8');
  for await (const chunk of stdin) {
    text += chunk;
    if (text.length > 1_000_000) break;
  }
  const asked = text.length > 1_000_000 ? 'more than a million characters are not read' : sopwright.readAsked(text);
  if (typeof asked === 'string') {
    stderr.write(asked + '\\n');
    process.exitCode = 2;
  } else stdout.write(JSON.stringify(decide(asked), null, 2) + '\\n');
}
`;
}
