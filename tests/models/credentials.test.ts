import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ModelEntry } from '@/server/engine/ports/model-entry';
import { bedrockReply, entryOf, hello, messageOf, ModelServer, replyOf, tell } from '@/tests/models/model-server';

let folder = '';
let server = new ModelServer();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'models-aws-'));
  server = await new ModelServer({ body: bedrockReply() }).start();
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', 'a-token-nobody-configured');
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
  await rm(folder, { recursive: true });
});

function chain(profile: string | null): ModelEntry {
  const auth = { kind: 'chain', profile } as const;
  return entryOf('bedrock', '', {
    provider: { kind: 'bedrock', region: 'eu-central-1', baseUrl: server.url, auth },
  });
}

const ofKey = (id: string): RegExp =>
  new RegExp(`^AWS4-HMAC-SHA256 Credential=${id}/\\d{8}/eu-central-1/bedrock/aws4_request, SignedHeaders=.*host`);

describe('a request to Bedrock is signed', () => {
  it('with what the environment holds, and not sent with a key nobody configured', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAENVIRONMENT');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'very-secret');
    vi.stubEnv('AWS_SESSION_TOKEN', 'session-token');
    const told = await tell([chain(null)], hello);
    expect(replyOf(told).text).toBe('Hello.');
    expect(server.only.headers.authorization).toMatch(ofKey('AKIAENVIRONMENT'));
    expect(server.only.headers['x-amz-security-token']).toBe('session-token');
    expect(JSON.stringify(told)).not.toMatch(/very-secret|session-token|AKIA/);
  });

  it('with the profile that the configuration names', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAENVIRONMENT');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'very-secret');
    const text = '[models]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = also-secret\n';
    await writeFile(join(folder, 'credentials'), text);
    replyOf(await tell([chain('models')], hello));
    expect(server.only.headers.authorization).toMatch(ofKey('AKIAPROFILE'));
  });
});

describe('without credentials nothing is sent, and what to do is said', () => {
  it('when there are none', async () => {
    expect(messageOf(await tell([chain(null)], hello))).toContain(
      'No AWS credentials were found. See whether "aws sts get-caller-identity" works where Holdpoint runs',
    );
    expect(server.received).toEqual([]);
  });

  it('when they hold a line break', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAENVIRONMENT');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'very-secret\nmore');
    const told = await tell([chain(null)], hello);
    expect(messageOf(told)).toContain('hold a space or a line break');
    expect(JSON.stringify(told)).not.toContain('very-secret');
    expect(server.received).toEqual([]);
  });

  it('when a credential process fails, whose words are not shown (I14)', async () => {
    const text = "[profile broken]\ncredential_process = sh -c 'echo secret-in-words >&2; exit 1'\n";
    await writeFile(join(folder, 'config'), text);
    const told = await tell([chain('broken')], hello);
    expect(messageOf(told)).toContain('No AWS credentials were found');
    expect(JSON.stringify(told)).not.toContain('secret-in-words');
    expect(server.received).toEqual([]);
  });

  it('when they are refused', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAENVIRONMENT');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'very-secret');
    const refusing = await new ModelServer({
      status: 403,
      body: { message: 'AKIAENVIRONMENT: bad signature' },
    }).start();
    const provider = { ...chain(null).provider, baseUrl: refusing.url };
    const told = await tell([entryOf('bedrock', '', { provider })], hello);
    await refusing.stop();
    expect(messageOf(told)).toContain('does not let the AWS credentials of this machine use model “nova”');
    expect(JSON.stringify(told)).not.toContain('AKIA');
  });
});
