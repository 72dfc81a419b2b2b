/** Of what a masking rule speaks: what goes into a call, what comes out, what people answer, whole JSON-RPC messages. */
export const maskedParts = ['arguments', 'results', 'answers', 'raw'] as const;
export type MaskedPart = (typeof maskedParts)[number];

/** Values that are masked wherever they would be shown or kept for showing, because an admin said so (I14). */
export interface MaskingRule {
  /** What it is for, in a few words. */
  readonly name: string;
  /** JSONPath (RFC 9535), such as `$.customer.iban` or `$..ssn`. */
  readonly path: string;
  readonly parts: readonly MaskedPart[];
  /** A pattern with `*`; null for every server. */
  readonly server: string | null;
  /** A pattern with `*`; null for every tool. */
  readonly tool: string | null;
}

/** The rules in force, with who saved them. */
export interface MaskingVersion {
  /** Counts from 1; 0 before anyone saved any. */
  readonly version: number;
  readonly rules: readonly MaskingRule[];
  readonly savedAt: number | null;
  /** Null for the configuration file. */
  readonly savedBy: string | null;
}

/** What is wrong with a rule, for who wrote it. */
export interface MaskingProblem {
  /** Its place in the list, from 0. */
  readonly index: number;
  readonly field: 'name' | 'path' | 'parts';
  readonly message: string;
}

/** What rules would do to calls that were recorded. */
export interface MaskingPreview {
  /** How many calls were looked at. */
  readonly calls: number;
  /** Values covered in all of them. */
  readonly values: number;
  /** For each rule in order: values it covers, and in how many calls it could not be applied, so that all is masked. */
  readonly rules: readonly { readonly values: number; readonly failures: number }[];
}

export const maskingRulesMost = 200;
export const maskingNameMost = 80;
export const maskingPathMost = 400;
