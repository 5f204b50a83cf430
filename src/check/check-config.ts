import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { Config } from '../model/config.ts';
import { nearest } from '../text/nearest.ts';

/** Floors of SOPs that do not exist, each name once. */
export function checkConfig({ floors }: Config, sops: readonly string[]): Diagnostic[] {
  const named = new Map(floors.flatMap(({ sop }) => (sop === null ? [] : [[sop.value, sop.span] as const])));
  return [...named]
    .filter(([name]) => !sops.includes(name))
    .map(([name, span]) => diagnose('SOP382', span, { name, near: nearest(name, sops), known: sops }));
}
