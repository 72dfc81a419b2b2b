const labelMax = 300;
const hidden = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;

/** A server's title as one visible line: characters that hide or reorder text would let it show one thing and mean another. */
export function plainLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll(hidden, '').trim();
  return line.length > labelMax ? `${line.slice(0, labelMax)}…` : line;
}

/** Several lines of a server's words, with hidden characters taken out and nothing cut. */
export function plainLines(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replaceAll('\t', '  ').replaceAll(hidden, '').trimEnd())
    .join('\n')
    .trim();
}
