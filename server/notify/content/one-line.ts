/**
 * What others chose, as one visible line: no line breaks, nothing that hides or reorders text, bounded. An address in
 * it is written so that no mail program or chat makes a link of it: the only links of a notice are ours.
 */
export function oneLine(text: string, longest: number): string {
  const visible = text
    .slice(0, longest * 8)
    .replaceAll(/[\s\u2028\u2029]+/gu, ' ')
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .replaceAll(/(\p{M}{2})\p{M}+/gu, '$1')
    .replaceAll('://', '[:]//')
    .replaceAll(/\bwww\./gi, 'www[.]')
    .trim();
  const points = Array.from(visible);
  return points.length > longest ? `${points.slice(0, longest - 1).join('')}…` : visible;
}
