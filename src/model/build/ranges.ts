import { type Diagnostic, diagnose } from '../../diagnostics/diagnostic.ts';
import type { Cell } from '../../syntax/markdown.ts';
import { parseUnaryTest } from '../../syntax/parse-unary-test.ts';
import { spanAt } from '../../text/source.ts';
import type { Range } from '../sop.ts';
import { isBlank } from './columns.ts';

/** `[0..1] step 0.0001`, `>= 0`, `step 5`, `"retail", "mm"`; `–` and an empty cell set no limit. */
export function readRange(cell: Cell, found: Diagnostic[]): Range {
  const noLimit: Range = { test: { kind: 'any' }, step: null, text: cell.text, span: cell.span };
  const match = /^(.*?)(?:\s*\bstep\s+(\S+))?$/s.exec(cell.text);
  const limits = match?.[1]?.trim() ?? '';
  const step = match?.[2] ?? null;
  if (step !== null && !/^(?:\d+(?:\.\d+)?|\.\d+)$/.test(step))
    return refuse(cell, found, noLimit, 'after `step` comes a positive number, such as `step 0.001`');
  if (step !== null && /^[0.]*$/.test(step)) return refuse(cell, found, noLimit, 'a step must be greater than 0');
  if (isBlank(limits)) return { ...noLimit, step };
  const parsed = parseUnaryTest(limits);
  if (!parsed.ok) {
    const span = spanAt(
      cell.span.path,
      cell.span.start + parsed.problem.at,
      Math.min(cell.span.end, cell.span.start + parsed.problem.at + parsed.problem.length),
    );
    found.push(diagnose('SOP219', span, { cell: cell.text, hint: parsed.problem.hint }));
    return noLimit;
  }
  const { test } = parsed;
  const named =
    test.kind === 'tests' && test.tests.some((atom) => operandsOf(atom).some((operand) => operand.kind === 'name'));
  if (named) return refuse(cell, found, noLimit, 'a range is made of plain values; words go in double quotes');
  if (test.kind === 'tests' && test.negated)
    return refuse(cell, found, noLimit, 'a range says what may be, not what may not');
  return { test, step, text: cell.text, span: cell.span };
}

function operandsOf(atom: Extract<Range['test'], { kind: 'tests' }>['tests'][number]) {
  if (atom.kind === 'null') return [];
  return atom.kind === 'interval' ? [atom.low, atom.high] : [atom.operand];
}

function refuse(cell: Cell, found: Diagnostic[], instead: Range, hint: string): Range {
  found.push(diagnose('SOP219', cell.span, { cell: cell.text, hint }));
  return instead;
}
