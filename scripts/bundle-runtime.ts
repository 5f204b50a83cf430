import { build, type Plugin } from 'esbuild';

/** The evaluator as one plain script: what `scripts/decide.mjs` of each skill is made of. Readable, because people review it. */
export async function bundleRuntime(): Promise<string> {
  const result = await build({
    entryPoints: ['src/emit/skill/runtime/decide.ts'],
    bundle: true,
    platform: 'neutral',
    target: 'node20',
    format: 'iife',
    globalName: 'sopwright',
    write: false,
    legalComments: 'none',
    mainFields: ['module', 'main'],
  });
  return result.outputFiles[0]?.text ?? '';
}

/** `import text from './runtime/decide.ts?bundled'`. */
export const bundledRuntime: Plugin = {
  name: 'bundled-runtime',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\?bundled$/ }, ({ path }) => ({ path, namespace: 'bundled' }));
    onLoad({ filter: /.*/, namespace: 'bundled' }, async () => ({ contents: await bundleRuntime(), loader: 'text' }));
  },
};
