import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { type SourceFile, spanAt } from '../text/source.ts';

const told = '(?:previous|prior|above|earlier|preceding|former|other|these|those|your|the|all|any|of|and|\\s)+';

/**
 * Words by which a text speaks to a machine instead of telling what happened. A list of such words is never complete: it
 * finds what is written plainly, in English.
 */
const order = new RegExp(
  [
    `\\b(?:ignore|disregard|forget|override|bypass)\\s${told}(?:instructions?|prompts?|rules|guidelines|procedures?|skill|context)\\b`,
    '(?<=^|[\\s"\'|>{[,])(?:system|assistant|developer)\\s*:\\s*(?=[a-z])[^\\n,}|]{12,}',
    '<\\|?(?:im_start|im_end|system|assistant|endoftext)\\|?>|\\[/?INST\\]|<</?SYS>>',
    '\\byou\\s+are\\s+(?:now|no\\s+longer)\\b',
    '\\b(?:from\\s+now\\s+on|act\\s+as\\s+(?:if|though|an?)|pretend\\s+(?:to\\s+be|that|you))\\s+(?:you|an?|your|the)\\b',
    '\\b(?:new|updated|real)\\s+(?:instructions|system\\s+prompt)\\b|\\bsystem\\s+prompt\\b',
    '\\b(?:dear|attention,?|note\\s+to(?:\\s+the)?)\\s+(?:ai|agent|assistant|model|llm)\\b',
    '\\b(?:ai|agent|assistant|model|llm)s?\\s+(?:must|should|shall|has\\s+to|have\\s+to)\\s+(?:not\\s+)?(?:dismiss|ignore|escalate|approve|report|answer|call|run)\\b',
    '\\bdo\\s+not\\s+(?:tell|inform|mention|report\\s+this|escalate\\s+this|follow)\\b',
  ].join('|'),
  'i',
);
const eachOrder = new RegExp(order.source, 'gi');

/** Finds orders to an agent in the text of a case, with their places; comments reach nobody. */
export function findOrders({ path, text }: SourceFile): Diagnostic[] {
  if (!order.test(text)) return [];
  return [...text.matchAll(eachOrder)]
    .filter(({ index }) => !/^\s*#/.test(text.slice(text.lastIndexOf('\n', index) + 1, index)))
    .map(({ index, 0: said }) => diagnose('SOP620', spanAt(path, index, index + said.length), { said }));
}
