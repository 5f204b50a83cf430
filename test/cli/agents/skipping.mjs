// A scripted agent for the tests of `sop eval`: no model is asked. It skips steps on purpose.
import { work } from './work.mjs';

await work({
  finding: ({ steps, benign_explanations: _, ...finding }) => ({
    ...finding,
    steps: { ...steps, 2: { done: false, note: ' ' }, 4: { done: true, note: 'decided' } },
    benign_explanations: {},
  }),
});
