import { ZenEngine } from '@gorules/zen-engine';
import { Engine } from 'json-rules-engine';
import { type BenchRow, type BenchRule, rules } from './decision-logic.ts';

/** Another engine with the same table: the rule that it chooses for each row. */
export type Choose = (rows: readonly BenchRow[]) => Promise<string[]>;

const inputs = ['ratio', 'notional', 'type', 'fills'];
const outputs = ['disposition', 'severity', 'rule'];

/** Rows in flight at once: its evaluation runs on threads, and one by one it takes more than twice as long. */
const atOnce = 1000;

export function zenEngine(): Choose {
  const place = { x: 0, y: 0 };
  const columns = (names: readonly string[]) =>
    names.map((name) => ({ id: name, name, field: name, type: 'expression' }));
  const table = {
    hitPolicy: 'first',
    inputs: columns(inputs),
    outputs: columns(outputs),
    rules: rules.map((rule, index) => ({
      _id: `r${index}`,
      ratio: ratioCell(rule),
      notional: rule.notionalFrom === null ? '' : `>= ${rule.notionalFrom}`,
      type: rule.type === null ? '' : `"${rule.type}"`,
      fills: rule.fillsAtMost === null ? '' : `<= ${rule.fillsAtMost}`,
      disposition: `"${rule.disposition}"`,
      severity: `"${rule.severity}"`,
      rule: `"R${index + 1}"`,
    })),
  };
  const decision = new ZenEngine().createDecision({
    contentType: 'application/vnd.gorules.decision',
    nodes: [
      { id: 'from', type: 'inputNode', name: 'from', position: place },
      { id: 'table', type: 'decisionTableNode', name: 'table', position: place, content: table },
      { id: 'to', type: 'outputNode', name: 'to', position: place },
    ],
    edges: [
      { id: 'a', sourceId: 'from', targetId: 'table', type: 'edge' },
      { id: 'b', sourceId: 'table', targetId: 'to', type: 'edge' },
    ],
  });
  return async (rows) => {
    const chosen: string[] = [];
    for (let at = 0; at < rows.length; at += atOnce) {
      const answers = await Promise.all(rows.slice(at, at + atOnce).map((row) => decision.evaluate(row)));
      for (const answer of answers) chosen.push(String(answer.result.rule));
    }
    return chosen;
  };
}

function ratioCell({ ratioFrom, ratioBelow }: BenchRule): string {
  if (ratioFrom === null) return ratioBelow === null ? '' : `< ${ratioBelow}`;
  return ratioBelow === null ? `>= ${ratioFrom}` : `[${ratioFrom}..${ratioBelow})`;
}

/** It stops at the first rule that holds, as the hit policy demands. */
export function jsonRulesEngine(): Choose {
  const engine = new Engine();
  rules.forEach((rule, index) => {
    const all = [
      { fact: 'ratio', operator: 'greaterThanInclusive', value: rule.ratioFrom },
      { fact: 'ratio', operator: 'lessThan', value: rule.ratioBelow },
      { fact: 'notional', operator: 'greaterThanInclusive', value: rule.notionalFrom },
      { fact: 'type', operator: 'equal', value: rule.type },
      { fact: 'fills', operator: 'lessThanInclusive', value: rule.fillsAtMost },
    ].filter(({ value }) => value !== null);
    const { disposition, severity } = rule;
    const event = { type: `R${index + 1}`, params: { disposition, severity } };
    engine.addRule({ conditions: { all }, event, priority: rules.length - index, onSuccess: () => engine.stop() });
  });
  return async (rows) => {
    const chosen: string[] = [];
    for (const row of rows) chosen.push((await engine.run({ ...row })).events[0]?.type ?? '');
    return chosen;
  };
}
