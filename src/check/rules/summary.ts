import { diagnose } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../checked.ts';

/** Agent Skills: a description has 1 to 1,024 characters and no `<` or `>`. */
const longest = 1024;

export const summary: Rule = ({ sop }) => {
  const { value, span } = sop.summary;
  if (value === '') return [];
  const text = value.trim();
  if (text.length > longest)
    return [diagnose('SOP601', span, { problem: `it has ${text.length} characters, and ${longest} are allowed` })];
  return /[<>]/.test(text) ? [diagnose('SOP601', span, { problem: 'it contains `<` or `>`' })] : [];
};
