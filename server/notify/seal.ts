import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const version = 'v1';

/**
 * Keeps what may be used and never shown: AES-256-GCM with a key derived from the server's secret, another one for
 * each purpose.
 */
export class Seal {
  readonly #key: Buffer;

  constructor(secret: string, purpose: 'notify endpoints' | 'servers' = 'notify endpoints') {
    this.#key = Buffer.from(hkdfSync('sha256', secret, 'holdpoint', purpose, 32));
  }

  /** `place` binds it to where it is kept: moved to another row it does not open. */
  seal(text: string, place: string): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.#key, nonce).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return `${version}.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')}`;
  }

  /** Null when it was sealed with another secret, for another place, or was changed. */
  open(sealed: string, place: string): string | null {
    const [mark, body] = sealed.split('.');
    if (mark !== version || body === undefined) return null;
    const bytes = Buffer.from(body, 'base64url');
    if (bytes.length < nonceBytes + tagBytes) return null;
    const decipher = createDecipheriv(algorithm, this.#key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
      .setAAD(Buffer.from(place))
      .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    try {
      return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      return null;
    }
  }
}
