import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtFolder } from '../support/built-folder.ts';
import { type DemoFinding, rightFinding } from '../support/findings.ts';
import { childrenOf, endless, isRunning, Spawned, selfTrade, stdioClient } from '../support/mcp.ts';

let root: string;
let client: Client;
let pid: number;
beforeAll(async () => {
  root = await builtFolder();
  ({ client, pid } = await stdioClient(root));
  await client.listTools(); // from now on it checks what tools answer against their outputSchema
});
afterAll(() => client.close());

const call = (name: string, given: object) => client.callTool({ name, arguments: { ...given } });
const ask = async (name: string, given: object) =>
  (await call(name, given)).structuredContent as Record<string, unknown>;

/** The code and message with which a call is refused. */
async function refused(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'answered',
    (error: Error & { code?: number }) => `${error.code} ${error.message}`,
  );
}

test('tools, resources and prompts are listed and read', async () => {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['list_skills', 'compute_signals', 'decide', 'check_finding']);
  for (const { inputSchema, outputSchema } of tools)
    expect([inputSchema.type, outputSchema?.type]).toEqual(['object', 'object']);
  const lock = JSON.parse(await readFile(join(root, 'skills/skills.lock.json'), 'utf8'));
  const { resources } = await client.listResources();
  expect(resources.map(({ uri }) => uri)).toEqual(lock.skills[0].files.map((file: { uri: string }) => file.uri));
  for (const { uri, mimeType } of resources) {
    const { contents } = await client.readResource({ uri });
    expect(contents).toEqual([
      { uri, mimeType, text: await readFile(join(root, uri.replace('skill://', 'skills/')), 'utf8') },
    ]);
  }
  const { prompts } = await client.listPrompts();
  expect(prompts).toMatchObject([
    { name: 'demo', title: 'Wash trading by one owner', arguments: [{ name: 'investigate' }] },
  ]);
  const { messages } = await client.getPrompt({ name: 'demo', arguments: { investigate: 'owner o1' } });
  expect(messages.map(({ content }) => ('text' in content ? content.text : ''))).toEqual([
    await readFile(join(root, 'skills/demo/SKILL.md'), 'utf8'),
    'The files that it names are resources: skill://demo/…',
    'Investigate:\n\nowner o1',
  ]);
  expect(await ask('list_skills', {})).toMatchObject({
    skills: [
      {
        id: 'demo',
        version: '1.0.0',
        status: 'approved',
        owner: 'trading-risk',
        review_by: '2027-05-01',
        review_overdue: false,
        problem: null,
      },
    ],
  });
});

describe('from rows to a checked finding', () => {
  test('what is computed, decided and reported goes together', async () => {
    const computed = await ask('compute_signals', {
      skill: 'demo',
      tables: selfTrade,
      evidence: true,
      subject: { owner_id: 'o1', symbol: 'BTC-USDT' },
    });
    expect(computed).toMatchObject({
      window: { from: '2026-11-02T10:00:00Z', as_of: '2026-11-03T00:00:00Z' },
      subjects: [
        {
          subject: { owner_id: 'o1', symbol: 'BTC-USDT', day: '2026-11-02T00:00:00Z' },
          signals: { self_ratio: '1', self_notional: '150000', account_type: 'retail' },
          undecided: null,
          evidence: [{ source_table: 'trades', row_id: 't1' }],
        },
      ],
      provided_by_others: ['tip_credible'],
      not_computable: [],
      missing: [],
    });
    const [subject] = computed['subjects'] as { signals: Record<string, unknown>; subject: object }[];
    const signals = { ...subject?.signals, tip_credible: null };
    const decided = await ask('decide', { skill: 'demo', signals });
    expect(decided).toMatchObject({ outcome: 'decided', disposition: 'escalate', severity: 'critical', rule: 'R1' });
    const { outcome, disposition, severity, rule, reason } = decided;
    const finding: DemoFinding = {
      ...rightFinding(),
      skill_digest: decided['skill_digest'],
      decision: { outcome, disposition, severity, rule, reason },
    };
    for (const [name, value] of Object.entries(signals)) Object.assign(finding.signals[name] ?? {}, { value });
    expect(await ask('check_finding', { skill: 'demo', finding })).toMatchObject({ problems: [] });
    const milder = { ...finding, decision: { ...finding.decision, disposition: 'dismiss' } };
    expect(await ask('check_finding', { skill: 'demo', finding: milder })).toMatchObject({
      problems: [{ kind: 'decision', pointer: '/decision/disposition', breaks_schema: false }],
    });
  });

  test('who cannot be decided yet gets no values, and decide then says undecided', async () => {
    const { accounts, trades } = selfTrade;
    const early = await ask('compute_signals', { skill: 'demo', tables: { accounts, trades: trades.slice(0, 1) } });
    expect(early['subjects']).toMatchObject([{ signals: {}, undecided: { reason: 'not_settled' } }]);
    const without = await ask('compute_signals', { skill: 'demo', tables: { trades } });
    expect(without).toMatchObject({ subjects: [], missing: [{ table: 'accounts', team: 'trading-risk' }] });
    expect((without['not_computable'] as object[]).length).toBe(3);
    expect(await ask('decide', { skill: 'demo', signals: {} })).toMatchObject({
      outcome: 'undecided',
      disposition: null,
    });
  });

  test('a column that no row names is unavailable, and not empty', async () => {
    const accounts = selfTrade.accounts.map(({ type, ...row }) => row);
    const computed = await ask('compute_signals', { skill: 'demo', tables: { ...selfTrade, accounts } });
    expect(computed['not_computable']).toContainEqual({ signal: 'account_type', needs: 'type' });
  });

  test('two at once', async () => {
    const both = [1, 2].map(() => ask('compute_signals', { skill: 'demo', tables: selfTrade }));
    for (const { subjects } of await Promise.all(both)) expect(subjects).toHaveLength(1);
  });

  test('a call that is taken back ends its process', async () => {
    const before = childrenOf(pid);
    const leave = new AbortController();
    const asked = client.callTool(
      { name: 'compute_signals', arguments: { skill: 'demo', tables: endless() } },
      undefined,
      { signal: leave.signal },
    );
    const started = () => childrenOf(pid).filter((child) => !before.includes(child));
    for (let turn = 0; turn < 300 && started().length === 0; turn++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    const children = started();
    leave.abort();
    await expect(asked).rejects.toThrow();
    for (let turn = 0; turn < 300 && children.some(isRunning); turn++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(children.filter(isRunning)).toEqual([]);
  });
});

describe('bad calls', () => {
  const trade = selfTrade.trades[0];
  test.each<[string, object, string]>([
    ['list_skill', {}, 'there is no tool `list_skill`; did you mean `list_skills`?'],
    ['list_skills', { all: true }, '`all` is not asked for'],
    ['decide', { skill: 'dmo', signals: {} }, 'there is no skill `dmo`; did you mean `demo`?'],
    ['decide', { skill: '../../etc/passwd', signals: {} }, 'there is no skill'],
    ['decide', { skill: '__proto__', signals: {} }, 'there is no skill'],
    ['decide', { signals: {} }, '/skill: `skill` is not there'],
    ['decide', { skill: 'demo', signals: { self_ratio: [1] } }, '/signals/self_ratio: this must be a text, a number'],
    ['decide', { skill: 'demo', signals: { a: 'x'.repeat(20_000) } }, 'no more than 10000 characters'],
    ['compute_signals', { skill: 'demo', tables: [] }, '/tables: this must be an object'],
    ['compute_signals', { skill: 'demo', tables: { trade: [] } }, 'no market table `trade`; did you mean `trades`?'],
    [
      'compute_signals',
      { skill: 'demo', tables: { trades: [{ ...trade, pric: 1 }] } },
      '/tables/trades/0: there is no column `pric`; did you mean `price`?',
    ],
    [
      'compute_signals',
      { skill: 'demo', tables: { trades: [trade, { ...trade, ts: 'noon' }] } },
      '/tables/trades/1/ts: `noon` is no time',
    ],
    [
      'compute_signals',
      { skill: 'demo', tables: { trades: [{ ...trade, notional_usd: 'much' }] } },
      "'much' can not be read as",
    ],
    [
      'compute_signals',
      { skill: 'demo', tables: { trades: [{ ...trade, symbol: { a: 1 } }] } },
      '/tables/trades/0/symbol: a cell is',
    ],
    [
      'compute_signals',
      { skill: 'demo', tables: { trades: Array.from({ length: 50_001 }, () => ({})) } },
      '50001 rows are more than the 50000',
    ],
    ['compute_signals', { skill: 'demo', tables: {}, as_of: 'now' }, '/as_of: `now` is no time'],
    [
      'compute_signals',
      { skill: 'demo', tables: {}, from: '2026-11-03', as_of: '2026-11-02' },
      '/from: it must lie before',
    ],
    [
      'compute_signals',
      { skill: 'demo', tables: selfTrade, subject: { owner: 'o1' } },
      '/subject: `owner` is no column',
    ],
    ['check_finding', { skill: 'demo', finding: 'x' }, '/finding: this must be an object'],
  ])('%s %#', async (name, given, message) => {
    const said = await refused(call(name, given));
    expect(said).toContain(message);
    expect(said).toMatch(/^-32602 /);
  });

  test('resources and prompts', async () => {
    for (const uri of [
      'skill://demo/../../package.json',
      'skill://demo/scripts/none.sql',
      'file:///etc/passwd',
      'skill://other/SKILL.md',
    ])
      expect(await refused(client.readResource({ uri }))).toMatch(/^-32002 .*there is no resource/);
    expect(await refused(client.listResources({ cursor: 'x' }))).toMatch(/^-32602 .*cursor/);
    expect(await refused(client.getPrompt({ name: 'demo', arguments: {} }))).toMatch(/^-32602 .*investigate/);
    expect(await refused(client.getPrompt({ name: 'demo', arguments: { investigate: 'x', more: 'y' } }))).toMatch(
      /no argument `more`/,
    );
    expect(await refused(client.getPrompt({ name: 'nobody', arguments: { investigate: 'x' } }))).toMatch(
      /no skill `nobody`/,
    );
  });

  test('a hostile finding is answered', async () => {
    let deep: unknown = 1;
    for (let level = 0; level < 3_000; level++) deep = [deep];
    const findings = [
      { sop: deep },
      JSON.parse('{"__proto__": {"signals": {}}}'),
      { evidence: Array.from({ length: 200_000 }, () => 1) },
    ];
    for (const finding of findings)
      expect((await ask('check_finding', { skill: 'demo', finding }))['problems']).not.toEqual([]);
  });
});

describe('what must not be served is not', () => {
  const uri = 'skill://demo/SKILL.md';
  async function whileChanged(
    path: string,
    change: (text: string) => string,
    then: () => Promise<void>,
  ): Promise<void> {
    const text = await readFile(join(root, path), 'utf8');
    await writeFile(join(root, path), change(text));
    await then().finally(() => writeFile(join(root, path), text));
    await client.readResource({ uri });
  }
  async function expectRefusal(message: RegExp): Promise<void> {
    expect(await refused(client.readResource({ uri }))).toMatch(message);
    expect(await refused(call('decide', { skill: 'demo', signals: {} }))).toMatch(message);
    expect((await client.listPrompts()).prompts).toEqual([]);
    expect(await ask('list_skills', {})).toMatchObject({
      skills: [{ id: 'demo', title: null, problem: expect.stringMatching(/run `sop |sop mcp --drafts/) }],
    });
  }

  test('a file that was changed', () =>
    whileChanged(
      'skills/demo/references/cases.md',
      (text) => `${text} `,
      () =>
        expectRefusal(
          /^-32010 .*nothing of the skill `demo` is served: skills\/demo\/references\/cases\.md is not the file that was built; run `sop build`/,
        ),
    ));

  test('a skill whose SOP was changed', () =>
    whileChanged(
      'sops/demo/SOP.md',
      (text) => text.replace('| >= 0.5 ', '| >= 0.6 '),
      () => expectRefusal(/its SOP was changed since it was built/),
    ));

  test('a skill whose SOP has errors, is a draft, or is retired', async () => {
    await whileChanged(
      'sops/demo/SOP.md',
      (text) => text.replace('## Decision', '## Decisio'),
      () => expectRefusal(/its SOP has errors; run `sop check demo`/),
    );
    await whileChanged(
      'sops/demo/SOP.md',
      (text) => text.replace('status: approved', 'status: draft'),
      () => expectRefusal(/not approved \(draft\)/),
    );
  });

  test('an interrupted build', async () => {
    await mkdir(join(root, 'skills/.staging'));
    expect(await refused(client.readResource({ uri }))).toMatch(/^-32010 .*interrupted build/);
    expect(await refused(client.listResources())).toMatch(/interrupted build/);
    expect(await refused(call('list_skills', {}))).toMatch(/run `sop build`, which finishes it/);
    await rm(join(root, 'skills/.staging'), { recursive: true });
    await client.readResource({ uri });
  });

  test('a lock that nobody of us wrote', () =>
    whileChanged(
      'skills/skills.lock.json',
      () => '{"version": 2}',
      async () => {
        expect(await refused(client.listResources())).toMatch(/skills\.lock\.json is not what `sop build` writes/);
      },
    ));
});

test('stdout carries the protocol only, whatever comes in, and SIGTERM ends it all', async () => {
  const server = new Spawned(root);
  const send = (text: string) => server.process.stdin.write(`${text}\n`);
  const request = (id: number, method: string, params: object) =>
    send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
  send('this is no JSON');
  await server.until(/-32700/);
  send('{"jsonrpc":"1.0","id":1,"method":"ping"}');
  send('['.repeat(100_000));
  send(`{"jsonrpc":"2.0","method":"tools/call","params":{"x":"${'x'.repeat(17 * 2 ** 20)}"},"id":77}`);
  await server.until(/"id":77,"error":\{"code":-32600/);
  request(2, 'nothing/of/ours', {});
  await server.until(/"id":2,"error":\{"code":-32601/);
  request(3, 'tools/call', { name: 'decide', arguments: JSON.parse(`${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`) });
  await server.until(/"error":\{"code":-32602,"message":"decide.*"id":3|"id":3,"error":\{"code":-32602/);
  request(4, 'tools/call', { name: 'compute_signals', arguments: { skill: 'demo', tables: endless() } });
  for (let turn = 0; turn < 300 && childrenOf(server.process.pid ?? 0).length === 0; turn++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  const children = childrenOf(server.process.pid ?? 0);
  server.process.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  expect(children.filter(isRunning)).toEqual([]);
  for (const line of server.stdout.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  expect(server.stderr).toBe('');
});
