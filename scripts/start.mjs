// npm start: builds what is stale, then runs the server alone. Ends with the server's own exit code.
import './support/node-version.mjs';
import { ensureBuilt } from './support/build.mjs';
import { ensureInstalled } from './support/install.mjs';
import { requireFreePort, wantedPort } from './support/port.mjs';
import { runMain } from './support/step.mjs';
import { Supervisor } from './support/supervise.mjs';

runMain(async () => {
  await requireFreePort(wantedPort(), 'npm start');
  await ensureInstalled();
  await ensureBuilt();
  const supervisor = new Supervisor();
  supervisor.start({
    args: ['dist/server/main.js'],
    env: { NODE_ENV: 'production' },
    onEnd: (end) => process.exit(end.code),
  });
});
