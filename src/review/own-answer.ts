import type { EvalCase } from '../replay/eval-cases.ts';
import { decideStory, judgeCase } from '../replay/run-case.ts';
import type { DecidedSubject } from '../replay/subjects.ts';
import type { World } from '../replay/world.ts';

/** What the SOP itself says of a case; null where it does not give what the case asks: nobody can be measured by it then. */
export async function ownAnswer({ entry, checked }: EvalCase, world: World): Promise<readonly DecidedSubject[] | null> {
  const run = await decideStory(entry, checked, world, world.library.sources, null);
  if (!run.ok || run.unavailable.size > 0) return null;
  const { outcome } = judgeCase(entry, checked, world.library.desk, run);
  return outcome === 'caught' || outcome === 'left_alone' ? run.decided : null;
}
