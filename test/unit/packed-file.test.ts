import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packedFile } from '../../src/text/packed-file.ts';

test('a packed file gives its text each time', () => {
  // A file that was read has no half of a pair: its bytes were UTF-8.
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const file = packedFile({ path: 'sops/demo/cases/c.yaml', text });
      expect([file.path, file.text, file.text]).toEqual(['sops/demo/cases/c.yaml', text, text]);
    }),
  );
  expect(packedFile({ path: 'a', text: '\uFEFFcase: ü\r\n😀' }).text).toBe('\uFEFFcase: ü\r\n😀');
});
