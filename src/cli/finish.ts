import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type ExitCode, exitCodes } from './exit.ts';

export function exitFor(diagnostics: readonly Diagnostic[], strict: boolean): ExitCode {
  const counts = diagnostics.some(({ level }) => level === 'error' || (strict && level === 'warning'));
  return counts ? exitCodes.findings : exitCodes.clean;
}
