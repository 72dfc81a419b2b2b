import { maskCards } from './card';
import { looksRandom } from './entropy';

// What looks like a secret, by itself or by its name (I14). Each pattern is linear: a hostile text must cost no time.

/** Tokens that say what they are. */
const tokens = new RegExp(
  `\\b(?:${[
    // Who bears it.
    'Bearer\\s+[A-Za-z0-9._~+/-]{8,}=*',
    // AWS
    '(?:AKIA|ASIA)[0-9A-Z]{16}',
    'x-amz-security-token:\\S+',
    // GitHub, GitLab, npm
    'gh[pousr]_[A-Za-z0-9]{20,}',
    'github_pat_[A-Za-z0-9_]{22,}',
    'glpat-[A-Za-z0-9_-]{20,}',
    'npm_[A-Za-z0-9]{36}',
    // Slack
    'xox[abeprs]-[A-Za-z0-9-]{10,}',
    'xapp-[0-9]-[A-Za-z0-9-]{10,}',
    'hooks\\.slack\\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{10,}',
    // Stripe, and whoever writes keys like it; publishable keys are public
    '(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}',
    'whsec_[A-Za-z0-9+/=]{16,}',
    // Google
    'AIza[A-Za-z0-9_-]{35}',
    'ya29\\.[A-Za-z0-9_-]{20,}',
    'GOCSPX-[A-Za-z0-9_-]{20,}',
    // Makers of models, mail
    'sk-[A-Za-z0-9_-]{16,}',
    'hf_[A-Za-z0-9]{30,}',
    'SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}',
    // Ours
    'hpp?_[A-Za-z0-9_-]{16,}',
  ].join('|')})`,
  'g',
);

/** JSON Web Tokens, signed or encrypted. */
const webTokens = /(?<![\w-])eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*){0,2}/g;

/** To its end, or to the end of the text where it was cut. */
const privateKeys =
  /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----|$)/g;

/** The password in front of a host. */
const urlPasswords = /(:\/\/[^\s/?#@:"'<>]{0,256}:)[^\s/?#@"'<>]{1,1024}(?=@[\w[.%-])/g;

const basic = /\bBasic\s+([A-Za-z0-9+/]{8,}={0,2})/g;

/** `name=value` and `"name": "value"` inside a text. */
const assignments =
  /(?<![\w.-])([A-Za-z_][A-Za-z0-9_.-]{0,63})((?:\\?["'])?\s{0,4}(?::|=>?)\s{0,4}(?:\\?["'])?)([A-Za-z0-9+/_.~=-]{12,512})/g;

const secretKey =
  /(^|[_\-.])(authorization|password|passwd|pwd|passphrase|secret|token|api[_-]?key|apikey|access[_-]?key|credential|cookie|private[_-]?key|client[_-]?secret|requeststate)s?$/i;
const camelSecretKey = /(Password|Passphrase|Secret|Token|ApiKey|AccessKey|Credential|PrivateKey|Authorization)s?$/;
/** MCP's own tokens name things, they open nothing; nor do places in a list. */
const harmlessKeys =
  /^(progressToken|maxTokens|max_tokens|tokens|(next|prev|previous)?[_-]?page[_-]?token|(next|continuation|sync)[_-]?token)$/i;
/** Names under which secrets stand, among much else: what stands there is masked when it looks drawn at random. */
const suspiciousKey =
  /(^|[_\-.])(key|auth|pass|sig|signature|salt|otp|bearer|hmac)$|(?:[a-z0-9])(Key|Auth|Pass|Signature|Salt)$/;

export function isSecretKey(key: string): boolean {
  return !harmlessKeys.test(key) && (secretKey.test(key) || camelSecretKey.test(key));
}

/** A value under a name that may be a secret's, and that looks like one. */
export function isSecretUnder(key: string, value: string): boolean {
  return suspiciousKey.test(key) && !harmlessKeys.test(key) && looksRandom(value);
}

/** A text with what looks like a credential replaced. */
export function withoutSecrets(text: string, mask: string): string {
  const plain = text
    .replace(privateKeys, mask)
    .replace(urlPasswords, (_all, before: string) => `${before}${mask}`)
    .replace(webTokens, mask)
    .replace(tokens, mask)
    .replace(basic, (all: string, value: string) => (isUserAndPassword(value) ? `Basic ${mask}` : all))
    .replace(assignments, (all: string, ...[name, between, value]: readonly [string, string, string]) =>
      isAssigned(name, value) ? `${name}${between}${mask}` : all,
    );
  return maskCards(plain, mask);
}

/** Words after a colon are prose; what looks drawn at random is not. */
function isAssigned(name: string, value: string): boolean {
  return isSecretKey(name) ? looksRandom(value) : isSecretUnder(name, value);
}

function isUserAndPassword(value: string): boolean {
  if (value.length % 4 !== 0) return false;
  try {
    return atob(value).includes(':');
  } catch {
    return false;
  }
}
