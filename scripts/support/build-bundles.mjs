// Builds the bundles if they are stale; a program of its own, so that its words can go elsewhere.
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { runMain } from './step.mjs';

runMain(async () => {
  await ensureInstalled();
  await ensureBuilt(['bundles']);
});
