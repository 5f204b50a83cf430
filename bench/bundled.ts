import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/**
 * A module of this folder made as the shipped command is, and loaded: the loader of TypeScript gives every function its name as it is
 * made, and what makes thousands of them would be measured slower than it is.
 */
export async function bundled<T>(entry: string, folder: string): Promise<T> {
  const outfile = join(folder, 'bundled.mjs');
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    external: ['@duckdb/*'],
    loader: { '.hbs': 'text' },
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  });
  return (await import(pathToFileURL(outfile).href)) as T; // what the entry exports
}
