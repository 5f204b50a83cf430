import { defineConfig } from 'vitest/config';

const isLong = process.env['LONG'] !== undefined;

export default defineConfig({
  plugins: [
    {
      name: 'handlebars-as-text',
      transform: (code, id) =>
        id.endsWith('.hbs') ? { code: `export default ${JSON.stringify(code)};`, map: null } : undefined,
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
          'test/emit/hostile-text.test.ts',
        ]
      : ['test/**/*.test.ts'],
    exclude: isLong ? [] : ['test/long/**'],
    testTimeout: 30_000,
    pool: 'forks',
    // Most tests wait for a process of their own: one worker would leave a core idle.
    maxWorkers: 2,
    globalSetup: ['test/support/build-once.ts'],
  },
});
