// npm run demo: Holdpoint on PORT (3000) with two example MCP servers and an example agent that makes real tool calls.
//
// What it asks of server/main.ts:
// - HOLDPOINT_CONFIG is the path of the mcp.json to use;
// - HOLDPOINT_BOOTSTRAP_AGENT and HOLDPOINT_BOOTSTRAP_AGENT_KEY make that agent with that key when it is missing;
// - it prints the first admin's one-time link by itself, and answers HTTP only when agents can connect.
import './support/node-version.mjs';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { ensureBuilt } from './support/build.mjs';
import { ensureInstalled } from './support/install.mjs';
import { requireFreePort, wantedPort } from './support/port.mjs';
import { inRoot } from './support/root.mjs';
import { runMain, StepFailure, step } from './support/step.mjs';
import { Supervisor } from './support/supervise.mjs';

const agentName = 'example-agent';
const folder = inRoot('data', 'demo');
const configFile = inRoot('data', 'demo', 'mcp.json');
const keyFile = inRoot('data', 'demo', 'agent-key');
const startLimitMs = 60_000;

/** The key is kept, because the agent made with it is kept too. */
function agentKey() {
  if (existsSync(keyFile)) return readFileSync(keyFile, 'utf8').trim();
  const key = `hp_${randomBytes(32).toString('base64url')}`;
  writeFileSync(keyFile, `${key}\n`, { mode: 0o600 });
  return key;
}

/** Sets the two examples' entries and keeps whatever else was added to the file. */
function writeConfig(investigatorUrl) {
  let config = {};
  if (existsSync(configFile)) {
    try {
      config = JSON.parse(readFileSync(configFile, 'utf8'));
    } catch (error) {
      throw new StepFailure(`${configFile} is not JSON (${error.message}). Repair it, or delete it to start over.`);
    }
  }
  const servers = config.mcpServers ?? {};
  config.mcpServers = {
    ...servers,
    'incident-investigator': {
      holdpoint: { trusted: true },
      ...servers['incident-investigator'],
      url: investigatorUrl,
    },
    'sandbox-accounts': {
      holdpoint: { trusted: true },
      ...servers['sandbox-accounts'],
      command: process.execPath,
      args: [inRoot('dist', 'examples', 'sandbox-accounts.js')],
      env: { ACCOUNTS_FILE: inRoot('data', 'demo', 'accounts.json') },
    },
  };
  // Asking for an account already asks a person; deleting one is held by the default rule.
  config.holdpoint ??= {
    rules: [{ id: 'ask-for-accounts', decision: 'allow', server: 'sandbox-accounts', tool: 'request_account' }],
  };
  writeFileSync(configFile, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
}

/** Resolves with the address the example server prints once it listens. */
function startInvestigator(supervisor) {
  return new Promise((resolve) => {
    supervisor.start({
      name: 'incidents',
      args: ['dist/examples/incident-investigator.js'],
      env: { PORT: '0' },
      onLine: (line) => {
        const url = /listens on (http\S+)/.exec(line)?.[1];
        if (url !== undefined) resolve(url);
      },
    });
  });
}

async function answers(url) {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.status < 500;
  } catch {
    return false;
  }
}

async function waitUntilReady(url) {
  const startedAt = Date.now();
  while (!(await answers(url))) {
    if (Date.now() - startedAt > startLimitMs) throw new StepFailure(`Nothing answered at ${url} within a minute.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

runMain(async () => {
  const port = wantedPort();
  if (port === 0) throw new StepFailure('The demo needs a PORT of its own, for example PORT=3000.');
  await requireFreePort(port, 'npm run demo');
  await ensureInstalled();
  await ensureBuilt();
  mkdirSync(folder, { recursive: true, mode: 0o700 });

  const supervisor = new Supervisor();
  const address = `http://localhost:${port}`;
  const key = agentKey();
  const investigatorUrl = await step('starting the example servers', () => startInvestigator(supervisor));
  writeConfig(investigatorUrl);
  let isNew = false;
  supervisor.start({
    name: 'holdpoint',
    onLine: (line) => {
      isNew ||= line.includes('/welcome?token=');
    },
    args: ['dist/server/main.js'],
    env: {
      NODE_ENV: 'production',
      PORT: String(port),
      HOLDPOINT_CONFIG: configFile,
      LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
      HOLDPOINT_BOOTSTRAP_AGENT: agentName,
      HOLDPOINT_BOOTSTRAP_AGENT_KEY: key,
    },
  });
  try {
    await waitUntilReady(address);
  } catch (error) {
    console.error(error.message);
    return supervisor.stop(1);
  }
  const how = isNew ? 'and sign in with the link above' : 'and sign in';
  console.log(`\nOpen ${process.env.BASE_URL ?? address} ${how}. Ctrl-C stops everything.\n`);
  supervisor.start({
    name: 'agent',
    args: ['dist/examples/agent.js'],
    env: { HOLDPOINT_URL: `${address}/mcp`, HOLDPOINT_API_KEY: key },
  });
});
