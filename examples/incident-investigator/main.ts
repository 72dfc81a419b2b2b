import { startIncidentInvestigator } from '@/examples/incident-investigator/start';

/** Environment: `PORT` (default 4301), `STAGE_MS` (pause of each stage, default 1500). */
async function main(): Promise<void> {
  const running = await startIncidentInvestigator({
    port: wholeNumber('PORT', 4301),
    stageMs: wholeNumber('STAGE_MS', 1_500),
  });
  console.log(`incident-investigator listens on ${running.url}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void running.close().then(() => process.exit(0)));
  }
}

function wholeNumber(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return fallback;
  if (!/^\d+$/.test(text)) throw new Error(`${name} must be a whole number, not ${JSON.stringify(text)}`);
  return Number(text);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
