import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { inert } from '../../src/emit/evals/promptfoo.ts';
import { filesIn, makeFolder } from '../support/folder.ts';
import { expectGolden } from '../support/golden.ts';
import { problems } from '../support/output-schemas.ts';
import { greenFiles, type Ran, sop, today } from '../support/sop.ts';

const hostileOwner = '{{ env.PATH }}{% for x in [1] %}x{% endfor %}{# gone #}';
const hostile = `case: demo-hostile
title: "{{ env.HOME }} file:///etc/passwd"
technique: WT-01
market: spot
kind: attack
source: desk reasoning
given:
  accounts:
    - {account_id: a1, owner_id: "${hostileOwner}", type: retail}
    - {account_id: a2, owner_id: "${hostileOwner}", type: retail}
  trades:
    - {symbol: "A'\\"\\\\ {{question}} }} : - | & * # \${HOME}", ts: 2026-11-02 10:00:00, notional_usd: 150000, buy_account_id: a1, sell_account_id: a2}
expect:
  - {owner_id: "${hostileOwner}", disposition: escalate, severity: critical, rule: R1}
`;
const inFile = `case: demo-in-a-file
title: Rows in a file
technique: WT-01
market: spot
kind: benign
source: desk reasoning
given:
  accounts: data/accounts.csv
expect: []
`;
const bounds = `---
technique: WT-01
market: spot
source: desk reasoning
---

# Bounds

| Case | Kind | self_ratio | self_notional | account_type | tip_credible | disposition | rule |
|---|---|---|---|---|---|---|---|
| demo-fifth | attack | 0.2 | 1 | null | true | investigate | R2 |
| demo-open | ? | 0.3 | 1 | null | true | ? | ? |
`;

let root: string;
beforeAll(async () => {
  root = await makeFolder({
    ...greenFiles(),
    'sops/demo/cases/hostile.yaml': hostile,
    'sops/demo/cases/bounds.md': bounds,
    'sops/demo/cases/in-a-file.yaml': inFile,
    'sops/demo/cases/data/accounts.csv': 'account_id,owner_id,type\nz,o9,\n',
    'sops/draft/SOP.md': 'no SOP\n',
  });
});

const evals = (...args: string[]) => sop(root, ['evals', '--as-of', today, ...args]);
const golden = (name: string) => join(fileURLToPath(new URL('golden', import.meta.url)), 'evals', name);

interface Line {
  readonly id: string;
  readonly input: { readonly signals?: Record<string, unknown>; readonly tables?: Record<string, unknown[]> };
}

describe('cases as evals', () => {
  test('as JSON lines: what is given, what is asked, and what was left out', async () => {
    const ran = await evals();
    expect([ran.status, ran.stderr]).toEqual([
      0,
      'left out 1 case (noted gap): demo-two-owners\nleft out 1 draft: nobody has decided what is right\n',
    ]);
    await expectGolden(golden('cases.jsonl'), ran.stdout);
    const lines = ran.stdout.trim().split('\n');
    expect(lines.flatMap((line) => problems('evals', line))).toEqual([]);
    const read = lines.map((line) => JSON.parse(line) as Line);
    const of = (id: string) => read.find((line) => line.id === id)?.input;
    expect(of('demo-fifth')?.signals).toEqual({
      self_ratio: '0.2',
      self_notional: '1',
      account_type: null,
      tip_credible: true,
    });
    expect(of('demo-in-a-file')?.tables?.['accounts']).toEqual([{ account_id: 'z', owner_id: 'o9', type: null }]);
    expect(await evals()).toEqual(ran);
  });

  test('as samples of Inspect', async () => {
    const ran = await evals('demo', '--format', 'inspect');
    await expectGolden(golden('inspect.jsonl'), ran.stdout);
    for (const line of ran.stdout.trim().split('\n')) {
      const sample = JSON.parse(line) as Record<string, unknown>;
      expect(Object.keys(sample)).toEqual(['id', 'input', 'target', 'metadata']);
      expect([typeof sample['input'], typeof sample['target'], typeof sample['metadata']]).toEqual([
        'string',
        'string',
        'object',
      ]);
    }
  });

  describe('as a suite for promptfoo', () => {
    let out: string;
    let ran: Ran;
    beforeAll(async () => {
      out = join(await makeFolder(), 'suite');
      ran = await evals('--format', 'promptfoo', '--out', out);
    });
    const tests = async () =>
      ((await filesIn(out)).get('tests.jsonl') ?? '')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { description: string; vars: { question: string; expected: string } });

    test('configuration and tests; nothing in them is a template', async () => {
      expect(ran.status).toBe(0);
      const files = await filesIn(out);
      expect([...files.keys()]).toEqual(['check-answer.mjs', 'promptfooconfig.yaml', 'tests.jsonl']);
      await expectGolden(golden('promptfooconfig.yaml'), files.get('promptfooconfig.yaml') ?? '');
      await expectGolden(golden('tests.jsonl'), files.get('tests.jsonl') ?? '');
      expect(parse(files.get('promptfooconfig.yaml') ?? '')).toMatchObject({ prompts: ['{{question}}'] });
      expect(files.get('tests.jsonl')).not.toMatch(/\{[{%#]/);
      const hostile = (await tests()).find(({ description }) => description === 'demo-hostile');
      const data = JSON.parse(hostile?.vars.question.split('\n\n').at(-1) ?? '') as {
        tables: { accounts: { owner_id: string }[] };
      };
      expect(data.tables.accounts[0]?.owner_id).toBe(hostileOwner);
    });

    test('its program judges answers as cases are judged', async () => {
      const { default: check } = (await import(pathToFileURL(join(out, 'check-answer.mjs')).href)) as {
        default: (output: string, context: { vars: unknown }) => { pass: boolean; score: number; reason: string };
      };
      const vars = (await tests()).find(({ description }) => description === 'demo-self-matched')?.vars;
      const given = (owner_id: string, disposition: string, rule = 'R1') => ({
        subject: { owner_id, symbol: 'BTC-USDT', day: '2026-11-02T00:00:00Z' },
        decision: { outcome: 'decided', disposition, severity: 'critical', rule },
      });
      const judge = (findings: unknown) => {
        const { pass, reason } = check(typeof findings === 'string' ? findings : JSON.stringify(findings), { vars });
        return `${pass} ${reason}`;
      };
      expect(judge([given('o1', 'escalate')])).toBe('true as the case asks');
      expect(judge(given('o1', 'escalate'))).toBe('true as the case asks');
      expect(judge([])).toBe(
        'false missed (owner_id = o1, symbol = BTC-USDT): asked escalate, critical, R1; given no finding',
      );
      expect(judge([given('o1', 'escalate', 'R2')])).toMatch(/^false differs /);
      expect(judge([given('o1', 'escalate'), given('o2', 'monitor')])).toMatch(
        /^false false alarm .*asked at most dismiss/,
      );
      expect(judge([given('o1', 'gone')])).toMatch(/^false error .*given invalid/);
      expect(judge('It was o1.')).toBe('false the answer is no JSON');
      expect(judge([1])).toBe('false the answer is no finding, and no list of findings');
    });
  });

  test('what cannot be: a suite without a folder, a place among the SOPs, no case at all', async () => {
    const folder = await evals('--format', 'promptfoo');
    expect([folder.status, folder.stderr]).toEqual([2, expect.stringContaining('--out DIR')]);
    const place = await evals('--out', 'sops/x.jsonl');
    expect([place.status, place.stderr]).toEqual([2, expect.stringContaining('`sops/` holds')]);
    const none = await sop(await makeFolder({ ...greenFiles(), 'sops/demo/SOP.md': '' }), ['evals']);
    expect([none.status, none.stdout]).toEqual([1, '']);
  });
});

test('JSON in which no template begins is the same JSON', () => {
  const text = fc.string({ unit: fc.constantFrom('{', '}', '%', '#', '"', '\\', 'a', '\n', '\u2028', 'é') });
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), fc.dictionary(text, fc.array(text)), (value, record) => {
      for (const one of [value, record, [record]]) {
        const made = inert(one);
        expect(JSON.parse(made)).toEqual(JSON.parse(JSON.stringify(one)));
        expect(made).not.toMatch(/\{[{%#]/);
      }
    }),
    { seed: 7, numRuns: 300 },
  );
});
