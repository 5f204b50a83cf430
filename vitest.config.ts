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
    testTimeout: 30_000,
    pool: 'forks',
    globalSetup: ['test/support/build-once.ts'],
  },
});
