import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openAgent } from '../../src/cli/eval-agent.ts';
import { splitCommand } from '../../src/text/split-command.ts';

const word = fc.oneof(
  fc.stringMatching(/^[a-z0-9./=:,@%+_-]{1,8}$/),
  fc.stringMatching(/^[^'\0\r]{0,8}$/).map((text) => `'${text}'`),
  fc.stringMatching(/^[^"\\$`\0\r\n]{0,8}$/).map((text) => `"${text}"`),
  fc.constantFrom('"a\\"b"', '"\\\\"', '"\\n"', '"\\$x"', 'a\\ b', "\\'", '\\|', `a'b'"c"d`, '""', "''"),
);

test('a command is split as a shell splits it', () => {
  const commands = fc.sample(
    fc.array(fc.tuple(word, fc.constantFrom(' ', '  ', '\t')), { minLength: 1, maxLength: 5 }),
    { numRuns: 200, seed: 1 },
  );
  const texts = commands.map((parts) => `x${parts.map(([text, blank]) => `${blank}${text}`).join('')}`);
  const script = texts.map((text) => `printf '%s\\001' ${text}; printf '\\002'`).join('\n');
  const said = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
  const expected = said
    .split('\u0002')
    .slice(0, -1)
    .map((one) => one.split('\u0001').slice(0, -1));
  expect(texts.map(splitCommand)).toEqual(expected);
});

test.each([
  ['', 'it is empty'],
  ['  ', 'it is empty'],
  ['a "b', 'a quote (") is not closed'],
  ["a 'b", "a quote (') is not closed"],
  ['a \\', 'a backslash ends it'],
  ['a | b', '`|` is for a shell'],
  ['a && b', '`&` is for a shell'],
  ['a; b', '`;` is for a shell'],
  ['a > b', '`>` is for a shell'],
  ['a $HOME', '`$` is for a shell'],
  ['a "$(b)"', '`$` is for a shell'],
  ['a "`b`"', '`\u0060` is for a shell'],
  ['a *.mjs', '`*` is for a shell'],
])('%j: %s', (command, problem) => {
  expect(splitCommand(command)).toEqual({ problem: expect.stringContaining(problem) });
});

describe('how an agent is named', () => {
  const options = { timeLimit: '5m', outputLimit: '1000', passEnv: [], rounds: '20' };
  test.each<[Record<string, unknown>, RegExp]>([
    [{ agent: 'node x.mjs', timeLimit: 'soon' }, /--time-limit soon/],
    [{ agent: 'node x.mjs', outputLimit: '0' }, /--output-limit 0/],
    [{ agent: 'node x.mjs', passEnv: ['A=b'] }, /name a variable, not its value/],
    [{ agent: 'node x.mjs', model: 'm' }, /are for `--agent openai:URL`/],
    [{ agent: 'a | b' }, /is for a shell/],
    [{ agent: 'openai:nowhere', model: 'm' }, /no address/],
    [{ agent: 'openai:ftp://host/', model: 'm' }, /begins with http/],
    [{ agent: 'openai:https://u:p@host/v1', model: 'm' }, /no user, password/],
    [{ agent: 'openai:http://localhost:1/v1' }, /needs `--model NAME`/],
    [{ agent: 'openai:http://localhost:1/v1', model: 'm', rounds: '0' }, /--rounds 0/],
    [{ agent: 'openai:http://localhost:1/v1', model: 'm', keyEnv: 'NOT_SET' }, /not set/],
    [{ agent: 'openai:http://localhost:1/v1', model: 'm', keyEnv: 'ODD' }, /is no key/],
    [{ agent: 'openai:http://example.org/v1', model: 'm', keyEnv: 'KEY' }, /not sent over `http:\/\/`/],
  ])('%j is refused', (given, message) => {
    const environment = { KEY: 'secret', ODD: 'a b' };
    expect(() => openAgent({ ...options, agent: '', ...given }, environment)).toThrow(message);
  });
  test('it is called by its program and its script, never by its arguments', () => {
    const called = (agent: string) => {
      const opened = openAgent({ ...options, agent }, {});
      opened.close();
      return opened.called;
    };
    expect(called('/usr/bin/node work/agent.mjs --key=secret')).toBe('node agent.mjs');
    expect(called('agent --key=secret.js')).toBe('agent');
    expect(called('agent secret')).toBe('agent');
  });
});
