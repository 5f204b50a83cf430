import type { Block, Section } from '../../syntax/markdown.ts';

/** What an analyst wrote beside the parts that are compiled, as it stands: a skill must not lose a sentence of it. */
export function remarksOf(
  section: Section | undefined,
  isCompiled: (block: Block) => boolean,
  withParts = true,
): string {
  if (section === undefined) return '';
  const own = section.blocks.filter((block) => !isCompiled(block)).map((block) => block.source);
  const parts = section.subsections.flatMap(({ heading, blocks }) => [
    `#### ${heading.value}`,
    ...blocks.map((block) => block.source),
  ]);
  return [...own, ...(withParts ? parts : [])].join('\n\n');
}

export function isTable(block: Block): boolean {
  return block.kind === 'table';
}

export function isNothing(): boolean {
  return false;
}
