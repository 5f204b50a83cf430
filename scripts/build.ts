import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { bundledRuntime } from './bundle-runtime.ts';
import { standaloneValidators } from './standalone.ts';

/** Makes `dist/sop.mjs`, the command, and beside it the heavy libraries that it loads when it needs them. */
const outfile = 'dist/sop.mjs';

const requires = "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);";

/** Imported dynamically only: each is a file of its own, which no other command has to read. */
const heavy: Readonly<Record<string, string>> = {
  '@duckdb/node-api': 'duckdb.mjs',
  'ajv/dist/2020.js': 'ajv.mjs',
  'dmn-moddle': 'dmn-moddle.mjs',
  handlebars: 'handlebars.mjs',
  yaml: 'yaml.mjs',
};

/** Libraries of many entries or packages; what we use of them is named in one file of ours. */
const named = [
  { name: /\/mcp\/sdk\.ts$/, source: './src/cli/mcp/sdk.ts', file: 'mcp-sdk.mjs' },
  { name: /\/markdown-libraries\.ts$/, source: './src/syntax/markdown-libraries.ts', file: 'markdown.mjs' },
];

const apart: Plugin = {
  name: 'heavy-libraries-apart',
  setup({ onResolve }) {
    onResolve(
      { filter: /^(?:@duckdb\/node-api|ajv\/dist\/2020\.js|dmn-moddle|handlebars|yaml)$/ },
      ({ path, kind }) => {
        if (kind !== 'dynamic-import') throw new Error(`${path} must be imported when it is needed`);
        return { path: `./${heavy[path]}`, external: true };
      },
    );
    for (const { name, file } of named)
      onResolve({ filter: name }, ({ path, kind }) => {
        if (kind !== 'dynamic-import') throw new Error(`${path} must be imported when it is needed`);
        return { path: `./${file}`, external: true };
      });
  },
};

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

async function bundle(
  options: Pick<BuildOptions, 'entryPoints' | 'stdin' | 'plugins' | 'define' | 'loader' | 'banner'>,
): Promise<{ code: string; metafile: Metafile }> {
  const result = await build({
    ...options,
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
  });
  return { code: result.outputFiles[0]?.text ?? '', metafile: result.metafile };
}

/** The licences of what was bundled, as their texts ask. */
async function notices(bundles: readonly { readonly metafile: Metafile }[]): Promise<string> {
  const inputs = bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const folders = new Set(inputs.flatMap((path) => /^(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
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

function command(build: string) {
  return bundle({
    entryPoints: ['src/cli/main.ts'],
    banner: { js: `#!/usr/bin/env node\n${requires}` },
    loader: { '.hbs': 'text' },
    plugins: [precompiledSchemas, apart, bundledRuntime],
    define: { SOPWRIGHT_BUILD: JSON.stringify(build) },
  });
}

/** A library whose names are exported one by one: of a CommonJS module they could not be told from its text. */
async function library(name: string) {
  const all = (await import(name)) as Record<string, unknown>;
  const names = Object.keys(all).filter((key) => key !== 'default' && key !== 'module.exports');
  const contents = `import * as all from '${name}';\nexport const { ${names.join(', ')} } = all;\n${'default' in all ? 'export default all.default;' : ''}`;
  return bundle({ stdin: { contents, resolveDir: process.cwd() }, banner: { js: requires } });
}

/** A command that runs while the build does must find the old file or the new one. */
async function replace(path: string, code: string, mode: number): Promise<void> {
  await writeFile(`${path}.tmp`, code);
  await chmod(`${path}.tmp`, mode);
  await rename(`${path}.tmp`, path);
}

await mkdir('dist', { recursive: true });
const libraries = [];
for (const [name, file] of Object.entries(heavy)) libraries.push({ file, made: await library(name) });
for (const { source, file } of named)
  libraries.push({ file, made: await bundle({ entryPoints: [source], banner: { js: requires } }) });
const draft = await command('draft');
// What parses is in files of its own: what the cache holds is of all of them.
const digest = createHash('sha256')
  .update([draft, ...libraries.map(({ made }) => made)].map(({ code }) => code).join('\n'))
  .digest('hex')
  .slice(0, 16);
const shipped = await command(digest);
for (const { file, made } of libraries) await replace(`dist/${file}`, made.code, 0o644);
await replace(outfile, shipped.code, 0o755);
await writeFile('dist/THIRD-PARTY.txt', await notices([shipped, ...libraries.map(({ made }) => made)]));
