/** Digits as they are printed on cards: in one piece, or in groups of four, or four, six and five. */
const candidates =
  /(?<![\w.+/=-])(?:\d{4}([ -])\d{4}\1\d{4}\1\d{4}|\d{4}([ -])\d{6}\2\d{5}|\d{15,16})(?![\w+/=-]|\.\d)/g;
/** How numbers of the great card brands begin: what is counted up or a time in milliseconds does not. */
const brands =
  /^(?:4\d{15}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|6(?:011|5\d\d|4[4-9]\d)\d{12})$/;

export function maskCards(text: string, mask: string): string {
  if (!/\d{4}/.test(text)) return text;
  return text.replace(candidates, (found) => (isCard(found.replace(/[ -]/g, '')) ? mask : found));
}

/** Whether digits are a card's number: of a brand, and with the right check digit (Luhn). */
export function isCard(digits: string): boolean {
  if (!brands.test(digits)) return false;
  let sum = 0;
  for (const [index, digit] of digits.split('').reverse().entries()) {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}
