import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

/** Code of ours as one plain script, such as the evaluator in `scripts/decide.mjs` of each skill. Readable, because people review it. */
export async function bundleRuntime(entry: string): Promise<string> {
  const result = await build({
    entryPoints: [entry],
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
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
    onResolve({ filter: /\?bundled$/ }, ({ path, importer }) => ({
      path: entryOf(path, importer),
      namespace: 'bundled',
    }));
    onLoad({ filter: /.*/, namespace: 'bundled' }, async ({ path }) => ({
      contents: await bundleRuntime(path),
      loader: 'text',
    }));
  },
};

/** The file that `?bundled` names, from the file that imports it. */
export function entryOf(path: string, importer: string): string {
  return resolve(dirname(importer), path.replace(/\?bundled$/, ''));
}
