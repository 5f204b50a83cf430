import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Group, keepIdentity } from '../../src/replay/keep-identity.ts';

const group = (id: string, members: string): Group => ({ id, members: members.split('') });
const keep = (earlier: readonly Group[], fresh: readonly Group[], match = 0.5) =>
  Object.fromEntries(keepIdentity(earlier, fresh, match));

describe('an id stays with its members', () => {
  test.each<[what: string, earlier: Group[], fresh: Group[], ids: Record<string, string>]>([
    ['the same members', [group('a', 'abc')], [group('x', 'cab')], { x: 'a' }],
    ['it grows to many times its size', [group('a', 'abc')], [group('x', 'abcdefghijklmnop')], { x: 'a' }],
    ['it shrinks', [group('a', 'abcdefgh')], [group('x', 'ab')], { x: 'a' }],
    ['half of the smaller one', [group('a', 'abcd')], [group('x', 'cdef')], { x: 'a' }],
    ['less than half of it', [group('a', 'abcde')], [group('x', 'deghi')], { x: 'x' }],
    [
      'two become one: the larger part gives the name',
      [group('a', 'ab'), group('b', 'cde')],
      [group('x', 'abcde')],
      { x: 'b' },
    ],
    [
      'one falls apart: the larger part keeps it',
      [group('a', 'abcde')],
      [group('x', 'ab'), group('y', 'cde')],
      { x: 'x', y: 'a' },
    ],
    ['parts of one size: by the id', [group('a', 'abcd')], [group('y', 'cd'), group('x', 'ab')], { x: 'a', y: 'y' }],
    ['one account does not carry the name of many', [group('a', 'abc')], [group('x', 'a')], { x: 'x' }],
    ['a single account that meets others', [group('a', 'a')], [group('x', 'abc')], { x: 'a' }],
    ['no members', [group('a', '')], [group('x', '')], { x: 'x' }],
  ])('%s', (_, earlier, fresh, ids) => expect(keep(earlier, fresh)).toEqual(ids));

  test('a name that an earlier group had is not given to another one', () => {
    expect(keep([group('a', 'ab')], [group('a', 'xy')])).toEqual({ a: 'a~2' });
    expect(keep([group('a', 'ab'), group('a~2', 'xy')], [group('a', 'mn'), group('q', 'xy')])).toEqual({
      a: 'a~3',
      q: 'a~2',
    });
    expect(keep([group('a', 'abcd')], [group('a', 'xy'), group('b', 'abcd')])).toEqual({ a: 'a~2', b: 'a' });
    expect(keep([group('a', 'ab')], [group('a', 'xy'), group('a~2', 'mn')])).toEqual({ a: 'a~3', 'a~2': 'a~2' });
  });
  test('how much must stay is said by the SOP', () => {
    expect(keep([group('a', 'abcd')], [group('x', 'abcz')], 0.75)).toEqual({ x: 'a' });
    expect(keep([group('a', 'abcd')], [group('x', 'abcz')], 0.8)).toEqual({ x: 'x' });
  });
});

const letters = 'abcdefghij'.split('');
const groups = (ids: readonly string[]) =>
  fc.uniqueArray(
    fc.record({ id: fc.constantFrom(...ids), members: fc.uniqueArray(fc.constantFrom(...letters), { maxLength: 6 }) }),
    {
      selector: ({ id }) => id,
      maxLength: 6,
    },
  );
const earlierGroups = groups(['a', 'b', 'c', 'a~2', 'x', 'y']);
const freshGroups = groups(['a', 'b', 'x', 'y', 'z', 'a~2', 'a~3']);
const share = fc.constantFrom(0.1, 0.5, 1);

describe('whatever the groups are', () => {
  test('every new group has an id, and none has the id of another', () => {
    fc.assert(
      fc.property(earlierGroups, freshGroups, share, (earlier, fresh, match) => {
        const ids = keepIdentity(earlier, fresh, match);
        expect([...ids.keys()]).toEqual(fresh.map(({ id }) => id).sort());
        expect(new Set(ids.values()).size).toBe(fresh.length);
      }),
    );
  });
  test('the order of groups and of members changes nothing', () => {
    const shuffled = (from: typeof earlierGroups) =>
      from.chain((list) =>
        fc.tuple(fc.shuffledSubarray(list, { minLength: list.length }), fc.constant(list)).map(([other, own]) => ({
          own,
          other: other.map(({ id, members }) => ({ id, members: [...members].reverse() })),
        })),
      );
    fc.assert(
      fc.property(shuffled(earlierGroups), shuffled(freshGroups), share, (earlier, fresh, match) => {
        expect([...keepIdentity(earlier.other, fresh.other, match)]).toEqual([
          ...keepIdentity(earlier.own, fresh.own, match),
        ]);
      }),
    );
  });
  test('whoever takes an earlier id shares members with its holder, and the groups of the run before keep theirs', () => {
    fc.assert(
      fc.property(earlierGroups, freshGroups, share, (earlier, fresh, match) => {
        const ids = keepIdentity(earlier, fresh, match);
        for (const { id, members } of fresh) {
          const holder = earlier.find((other) => other.id === ids.get(id));
          if (holder !== undefined) expect(members.some((member) => holder.members.includes(member))).toBe(true);
        }
        // Run again on what was just named, with members that tell all groups apart: nothing changes.
        const apart = fresh.map(({ id }) => ({ id, members: [`${id}-1`, `${id}-2`] }));
        const named = apart.map(({ id, members }) => ({ id: ids.get(id) ?? '', members }));
        expect([...keepIdentity(named, apart, match).values()]).toEqual([...ids.values()]);
      }),
    );
  });
});
