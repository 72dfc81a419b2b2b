import { readEnvironment } from '../config/environment';
import { existingSecret } from '../config/secret-file';
import type { AuditReading } from '../store/audit/store-audit';
import { openReading } from '../store/open-reading';

/** Opens the log of the database the environment names, for as long as `run` takes. */
export async function openLog(
  variables: Readonly<Record<string, string | undefined>>,
  run: (audit: AuditReading, isSealed: boolean) => Promise<number>,
): Promise<number> {
  const reading = readEnvironment(variables);
  if (!reading.ok) {
    process.stderr.write(`${reading.problems.join('\n')}\n`);
    return 2;
  }
  const { databaseUrl, dataFolder } = reading.environment;
  const secret = reading.environment.secret ?? (await existingSecret(dataFolder));
  const opened = await openReading({ databaseUrl, secret });
  if (!opened.ok) {
    process.stderr.write(`${opened.message}\n`);
    return 2;
  }
  try {
    return await run(opened.audit, secret !== null);
  } finally {
    await opened.close();
  }
}
