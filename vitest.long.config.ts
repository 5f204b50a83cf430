import { defineConfig } from 'vitest/config';
import usual from './vitest.config.ts';

/** Tests that take minutes. */
export default defineConfig({
  ...usual,
  test: { ...usual.test, include: ['test/long/**/*.test.ts'], exclude: ['node_modules/**'], testTimeout: 3_600_000 },
});
