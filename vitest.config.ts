import { defineConfig } from 'vitest/config';
import { bundleRuntime, entryOf } from './scripts/bundle-runtime.ts';

const isLong = process.env['LONG'] !== undefined;

export default defineConfig({
  plugins: [
    {
      name: 'handlebars-as-text',
      transform: (code, id) =>
        id.endsWith('.hbs') ? { code: `export default ${JSON.stringify(code)};`, map: null } : undefined,
    },
    {
      name: 'bundled-runtime',
      enforce: 'pre',
      resolveId: (id, importer) =>
        id.endsWith('?bundled') && importer !== undefined ? `\0bundled:${entryOf(id, importer)}` : undefined,
      load: async (id) =>
        id.startsWith('\0bundled:')
          ? `export default ${JSON.stringify(await bundleRuntime(id.slice('\0bundled:'.length)))};`
          : undefined,
    },
  ],
  test: {
    // `npm run test:long` runs what takes minutes, some of it shortened in the normal run.
    include: isLong
      ? [
          'test/long/**/*.test.ts',
          'test/replay/required-data.test.ts',
          'test/coverage/prove-sop.test.ts',
          'test/coverage/planted.test.ts',
          'test/emit/{hostile-text,decide-script,interrupted-build,skill-bytes}.test.ts',
          'test/unit/{analysis-brute-force,compare-logic,decision-sql,dmn-round-trip}.test.ts',
          'test/unit/{feelin,region,scan-blocks,sensitivity}.test.ts',
        ]
      : ['test/**/*.test.ts'],
    exclude: isLong ? [] : ['test/long/**'],
    testTimeout: 30_000,
    pool: 'forks',
    // Most tests wait for a process of their own: one worker would leave a core idle.
    maxWorkers: 2,
    // Loading the sources anew for each file would take as long as the tests; they keep next to nothing between calls.
    isolate: false,
    setupFiles: ['test/support/after-each-file.ts'],
    globalSetup: ['test/support/build-once.ts'],
  },
});
