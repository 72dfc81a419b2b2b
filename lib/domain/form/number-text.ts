export type NumberReading =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'refused'; readonly message: string };

const significantDigitsMax = 15;
const lengthMax = 400;

const refused = (message: string): NumberReading => ({ kind: 'refused', message });

/** `5,000`: for reading only, never parsed back. */
export function numberWords(value: number): string {
  const [whole = '', fraction] = String(value).split('.');
  if (whole.includes('e')) return String(value);
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Reads exactly what a person wrote out in digits; anything that could mean two numbers is sent back. */
export function readNumber(typed: string): NumberReading {
  const text = typed.trim().replace(/^[\u2212\u2013]/, '-');
  if (text.length > lengthMax) return refused('Use fewer digits');
  if (/^[+-]?\d{1,3}(?:[,'\u2009\u00a0\u202f ]\d{3})+(?:\.\d+)?$/.test(text)) {
    return refused(`Write it without separators: ${text.replaceAll(/[^\d.+-]/g, '')}`);
  }
  if (/^[+-]?\d+,\d+$/.test(text)) return refused(`Use a point for decimals: ${text.replace(',', '.')}`);
  if (/^[+-]?\d+(?:\.\d+)?[eE][+-]?\d*$/.test(text)) return refused('Write it out in digits, without e');
  if (!/^[+-]?(?:\d+(?:\.\d+)?|\.\d+)$/.test(text)) return refused('Use digits only, such as 12 or -3.5');
  const digits = text.replace(/^[+-]?0*(?:\.0*)?/, '').replace('.', '');
  const value = Number(text);
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    return refused('This number is too large to be kept exactly');
  if (!text.includes('.') || digits.length <= significantDigitsMax)
    return { kind: 'number', value: value === 0 ? 0 : value };
  return refused(`At most ${significantDigitsMax} digits can be kept exactly`);
}
