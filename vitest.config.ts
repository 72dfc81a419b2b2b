import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { suiteGlobs } from './scripts/support/suite-folders.mjs';

const root = fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '');
const chaos = [...suiteGlobs.chaos];
const e2e = [...suiteGlobs.e2e];
const unit = [...suiteGlobs.unit];

// scripts/test.mjs runs the projects one after another; so does a run of files of several, by their order.
export default defineConfig({
  resolve: { alias: { '@': root } },
  test: {
    environment: 'node',
    // A database or a browser has to start within a hook.
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: unit, testTimeout: 20_000, maxWorkers: 2, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: [...suiteGlobs.integration],
          exclude: [...configDefaults.exclude, ...unit, ...chaos, ...e2e],
          testTimeout: 60_000,
          // Most of them wait for disks and sockets for half of their time.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { name: 'chaos', include: chaos, testTimeout: 290_000, maxWorkers: 2, sequence: { groupOrder: 2 } },
      },
      // Each file has a product, a browser and a port of its own.
      {
        extends: true,
        test: { name: 'e2e', include: e2e, testTimeout: 120_000, maxWorkers: 3, sequence: { groupOrder: 3 } },
      },
    ],
  },
});
