import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AwsCredentials, CredentialsError, credentialsWithin } from '@/server/upstream/aws/credentials';
import { createRequestSigner } from '@/server/upstream/aws/request-signer';
import { startAgentCore } from '@/tests/servers/agentcore/agentcore';
import { during, tryOpen } from '@/tests/upstream/harness';

const scope = { service: 'bedrock-agentcore', region: 'eu-central-1' };
const request = { method: 'GET', url: new URL('https://a.example/'), headers: {}, body: null };
const account: AwsCredentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'very-secret', sessionToken: 'session' };

async function failureOf(work: Promise<unknown>): Promise<CredentialsError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof CredentialsError) return error;
    throw error;
  }
  throw new Error('nothing failed');
}

describe('credentials that do not come', () => {
  it.each<[string, () => Promise<AwsCredentials>, string]>([
    [
      'from a source that fails',
      () => Promise.reject(new TypeError('secret-in-words')),
      'The AWS credentials cannot be used (TypeError).',
    ],
    [
      'from a source that throws',
      () => {
        throw new Error('secret-in-words');
      },
      'The AWS credentials cannot be used (Error).',
    ],
    [
      'from a source that fails with text',
      () => Promise.reject('secret-in-words'),
      'The AWS credentials cannot be used.',
    ],
    [
      'from a sign-in that is over',
      () => Promise.reject(new Error('Token is expired. To refresh this SSO session run "aws sso login"')),
      'Run "aws sso login"',
    ],
    ['whole', () => Promise.resolve({ ...account, sessionToken: 'secret-in-words\n' }), 'hold a space or a line break'],
    ['whole, but nothing', () => Promise.resolve({ ...account, secretAccessKey: '' }), 'The AWS credentials are empty'],
  ])('%s are told of in words, which hold nothing of them (I14)', async (_what, provider, words) => {
    const failure = await failureOf(createRequestSigner({ ...scope, credentials: provider })(request));
    expect(failure.message).toContain(words);
    expect(`${failure.message}${failure.stack}${String(failure.cause)}`).not.toContain('secret-in-words');
  });

  it('in time are given up', async () => {
    const failure = await failureOf(credentialsWithin(() => new Promise(() => undefined), 20));
    expect(failure.message).toContain('took longer than 0.02 s');
  });
});

describe('credentials of AWS’s default chain', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdpoint-aws-'));
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  // In this order: what is found is remembered, what is missing is not.
  it('are asked for again as long as there are none', async () => {
    const sign = createRequestSigner(scope);
    const { message } = await failureOf(sign(request));
    const agentcore = await during(startAgentCore({ caller: account }));
    const url = `${agentcore.endpoint}/runtimes/${encodeURIComponent(agentcore.arn)}/invocations?qualifier=DEFAULT`;
    const { outcome } = await tryOpen({ kind: 'http', url, headers: {}, sign: scope });
    expect(outcome).toMatchObject({ ok: false, code: 'unreachable', message: expect.stringContaining(message) });
    expect(agentcore.requests).toEqual([]);
    expect(message).toMatch(/^No AWS credentials were found\. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or /);
  });

  it('that a program fails to give are missed without its command line or its words (I14)', async () => {
    const program = join(folder, 'program.cjs');
    await writeFile(
      program,
      "require('fs').writeFileSync(__filename + '.ran', ''); throw new Error('secret-in-words');",
    );
    const command = `${process.execPath} ${program} secret-argument`;
    await writeFile(join(folder, 'config'), `[profile work]\ncredential_process = ${command}\n`);
    vi.stubEnv('AWS_PROFILE', 'work');
    const written = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const failure = await failureOf(createRequestSigner(scope)(request));
    expect(await readdir(folder)).toContain('program.cjs.ran');
    expect(failure.message).toContain('No AWS credentials were found.');
    expect(`${failure.message}${failure.stack}`).not.toMatch(/secret-in-words|secret-argument/);
    expect(written).not.toHaveBeenCalled();
  });

  it('are found in the environment, and shared by every signer', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAFROMENVIRONMENT');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'very-secret');
    expect(await createRequestSigner(scope)(request)).toMatchObject({
      authorization: expect.stringContaining('Credential=AKIAFROMENVIRONMENT/'),
    });
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    expect(await createRequestSigner({ ...scope, region: 'us-east-1' })(request)).toMatchObject({
      authorization: expect.stringMatching(/Credential=AKIAFROMENVIRONMENT\/\d{8}\/us-east-1\//),
    });
  });
});
