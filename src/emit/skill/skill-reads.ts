import type { DeskList } from '../../model/desk-list.ts';
import type { View } from '../../model/view.ts';
import type { SourceFile } from '../../text/source.ts';

/** What the SQL of a SOP reads that is no market table. */
export interface SkillReads {
  /** Each after those that it reads. */
  readonly views: readonly { readonly view: View; readonly source: SourceFile }[];
  readonly lists: readonly { readonly list: DeskList; readonly source: SourceFile | undefined }[];
}
