import type { SourceFile } from './source.ts';

/** A file whose text is hardly ever looked at again: a fifth of it is held, and made the text each time somebody asks. */
export function packedFile({ path, text }: SourceFile): SourceFile {
  // Loaded here: a small library never needs it, and it takes as long as checking a SOP.
  const { deflateRawSync, inflateRawSync } = process.getBuiltinModule('node:zlib');
  // The buffer that comes back is a view of one that is far larger.
  const packed = deflateRawSync(text, { level: 1 }).toString('latin1');
  return {
    path,
    get text() {
      return inflateRawSync(Buffer.from(packed, 'latin1')).toString();
    },
  };
}
