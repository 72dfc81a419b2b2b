/** Bits per character of a text, as its own characters are spread. */
export function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text.split('')) counts.set(character, (counts.get(character) ?? 0) + 1);
  const length = text.length;
  let bits = 0;
  for (const count of counts.values()) bits -= (count / length) * Math.log2(count / length);
  return bits;
}

const shortest = 16;
const longest = 512;
const fewestBits = 3.2;
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const keyCharacters = /^[A-Za-z0-9+/_.~=-]+$/;
/** Words with separators, as file names, slugs and class names are. */
const wordy = /^(?:[A-Za-z]+|\d+)(?:[._/-](?:[A-Za-z]+|\d+))*$/;

/**
 * Whether a text looks drawn at random, as keys are: letters and digits mixed without a pattern. Ids that tell of
 * themselves, digests and plain words do not.
 */
export function looksRandom(text: string): boolean {
  if (text.length < shortest || text.length > longest || !keyCharacters.test(text)) return false;
  if (uuid.test(text) || isHex(text) || wordy.test(text) || isPath(text)) return false;
  return /[A-Za-z]/.test(text) && /\d/.test(text) && bitsPerCharacter(text) >= fewestBits;
}

function isPath(text: string): boolean {
  const steps = text.split('/');
  return steps.length > 1 && steps.every((step) => step.length < shortest);
}

function isHex(text: string): boolean {
  return /^(?:sha\d+[:-])?[0-9a-f]+$/i.test(text);
}
