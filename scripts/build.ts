import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { build, type Metafile, type Plugin } from 'esbuild';
import { standaloneValidators } from './standalone.ts';

/** Makes `dist/sop.mjs`, the one file that is shipped. */
const outfile = 'dist/sop.mjs';

const precompiledSchemas: Plugin = {
  name: 'precompiled-schemas',
  setup({ onLoad }) {
    onLoad({ filter: /src[\\/]model[\\/]schema[\\/]compiled\.ts$/ }, async () => ({
      contents: await standaloneValidators(),
      loader: 'js',
      resolveDir: process.cwd(),
    }));
  },
};

async function bundle(define: Record<string, string>): Promise<{ code: string; metafile: Metafile }> {
  const result = await build({
    entryPoints: ['src/cli/main.ts'],
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    write: false,
    metafile: true,
    legalComments: 'none',
    // Only the engine's binary stays outside: its JavaScript loads twice as fast from one file.
    external: ['@duckdb/node-bindings'],
    loader: { '.hbs': 'text' },
    plugins: [precompiledSchemas],
    banner: {
      js: "#!/usr/bin/env node\nimport{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);",
    },
    define,
  });
  return { code: result.outputFiles[0]?.text ?? '', metafile: result.metafile };
}

/** The licences of what was bundled, as their texts ask. */
async function notices(metafile: Metafile): Promise<string> {
  const folders = new Set(
    Object.keys(metafile.inputs).flatMap((path) => /^(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  );
  const parts = await Promise.all(
    [...folders].sort().map(async (folder) => {
      const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8')) as Record<
        string,
        string
      >;
      const texts = await Promise.all(
        ['LICENSE', 'LICENSE.md', 'license', 'LICENCE', 'license.md', 'LICENSE.txt'].map((file) =>
          readFile(`${folder}/${file}`, 'utf8').catch(() => ''),
        ),
      );
      return `${name} ${version} (${license})\n\n${texts.find((text) => text !== '')?.trim() ?? ''}\n`;
    }),
  );
  return `sopwright's program contains these packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

const draft = await bundle({ SOPWRIGHT_BUILD: '"draft"' });
const digest = createHash('sha256').update(draft.code).digest('hex').slice(0, 16);
const { code, metafile } = await bundle({ SOPWRIGHT_BUILD: JSON.stringify(digest) });
await mkdir('dist', { recursive: true });
// A command that runs while the build does must find the old file or the new one.
await writeFile(`${outfile}.tmp`, code);
await chmod(`${outfile}.tmp`, 0o755);
await rename(`${outfile}.tmp`, outfile);
await writeFile('dist/THIRD-PARTY.txt', await notices(metafile));
