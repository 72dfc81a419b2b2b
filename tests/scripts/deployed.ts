import { readFileSync } from 'node:fs';
import { readEnvironment } from '@/server/config/environment';

const read = (path: string): string => readFileSync(path, 'utf8');

export type Variables = Readonly<Record<string, string>>;

/** What the image sets of itself. */
export function imageVariables(): Variables {
  const [, block = ''] = /^ENV NODE_ENV=production \\\n((?:.*\\\n)*.*)$/m.exec(read('Dockerfile')) ?? [];
  return pairs(block.matchAll(/([A-Z_]+)=(\S+)/g));
}

/** Read as a container runtime does: a JSON array, run without a shell. */
export function healthCheck(): readonly string[] {
  const [, command = '[]'] = /^HEALTHCHECK [\s\S]*?CMD (\[.*\])$/m.exec(read('Dockerfile')) ?? [];
  return JSON.parse(command) as readonly string[];
}

/** A service of the compose file: its lines, deeper than its name. */
export function serviceOf(name: string): string {
  const [, lines = ''] = new RegExp(`^  ${name}:\\n((?:(?: {4}.*)?\\n)*)`, 'm').exec(read('deploy/compose.yaml')) ?? [];
  return lines;
}

/** What stands under a key of a service. */
export function blockOf(service: string, key: string): string {
  const [, lines = ''] = new RegExp(`^    ${key}:\\n((?:(?: {6}.*)?\\n)*)`, 'm').exec(service) ?? [];
  return lines;
}

/** The environment a service gets when its `.env` says `given`. Throws as compose does where something must be given. */
export function composeVariables(service: string, given: Variables): Variables {
  const lines = blockOf(service, 'environment').matchAll(/^ {6}([A-Z_]+): (.*)$/gm);
  return pairs([...lines].map(([all, name, value]) => [all, name, filledIn(value ?? '', given)]));
}

function filledIn(value: string, given: Variables): string {
  let text = value;
  for (const [all, name = '', how, words = ''] of value.matchAll(/\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g)) {
    const found = given[name] ?? '';
    if (found === '' && how === '?') throw new Error(`${name}: ${words}`);
    text = text.replace(all, () => (found === '' ? words : found));
  }
  return text;
}

/** What the service of systemd sets of itself. */
export function unitVariables(): Variables {
  return pairs(read('deploy/holdpoint.service').matchAll(/^Environment=([A-Z_]+)=(.*)$/gm));
}

export function unitSetting(name: string): string {
  return new RegExp(`^${name}=(.*)$`, 'm').exec(read('deploy/holdpoint.service'))?.[1] ?? '';
}

/** Every name that the server asks its environment for. */
export function knownSettings(): ReadonlySet<string> {
  const asked = new Set<string>();
  readEnvironment(
    new Proxy<Record<string, string | undefined>>(
      {},
      {
        get(_target, name) {
          if (typeof name === 'string') asked.add(name);
          return undefined;
        },
      },
    ),
  );
  return asked;
}

function pairs(found: Iterable<readonly (string | undefined)[]>): Variables {
  return Object.fromEntries([...found].map(([, name, value]) => [name ?? '', value ?? '']));
}
