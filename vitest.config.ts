import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [
    {
      name: 'handlebars-as-text',
      transform: (code, id) =>
        id.endsWith('.hbs') ? { code: `export default ${JSON.stringify(code)};`, map: null } : undefined,
    },
  ],
  test: {
    include: ['test/**/*.test.ts'],
    // `npm run test:long`
    exclude: ['test/long/**', 'node_modules/**'],
    testTimeout: 30_000,
    pool: 'forks',
    // Most tests wait for a process of their own: one worker would leave a core idle.
    maxWorkers: 2,
    globalSetup: ['test/support/build-once.ts'],
  },
});
