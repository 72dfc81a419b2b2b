import type { FieldPattern } from '@/lib/domain/form/pattern';

/** What MCP lets an answer hold per field. */
export type AnswerValue = string | number | boolean | readonly string[];
export type AnswerContent = Readonly<Record<string, AnswerValue>>;

interface FieldBase {
  /** The property's name in the schema; may be any text, `__proto__` included: look it up only in a Map. */
  readonly name: string;
  readonly label: string;
  readonly description: string | null;
  readonly required: boolean;
  /** What the person should know: a pattern nobody checks here, a default that its own limits refuse. */
  readonly notes: readonly string[];
}

export interface TextLimits {
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly pattern: FieldPattern | null;
}

export type TextFormat = 'plain' | 'email' | 'uri';

export interface TextField extends FieldBase, TextLimits {
  readonly kind: 'text';
  readonly format: TextFormat;
  readonly initial: string | null;
}

export interface DateField extends FieldBase, TextLimits {
  readonly kind: 'date';
  readonly initial: string | null;
}

export interface DateTimeField extends FieldBase, TextLimits {
  readonly kind: 'date-time';
  readonly initial: string | null;
}

export interface NumberLimits {
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly above: number | null;
  readonly below: number | null;
  readonly multipleOf: number | null;
}

export interface NumberField extends FieldBase, NumberLimits {
  readonly kind: 'number';
  readonly whole: 'whole' | 'any';
  readonly initial: number | null;
}

export interface YesNoField extends FieldBase {
  readonly kind: 'yes-no';
  readonly initial: boolean | null;
}

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly description: string | null;
}

export interface ChoiceField extends FieldBase {
  readonly kind: 'choice';
  readonly options: readonly Option[];
  readonly initial: string | null;
}

export interface ChoicesField extends FieldBase {
  readonly kind: 'choices';
  readonly options: readonly Option[];
  readonly minItems: number;
  readonly maxItems: number | null;
  readonly initial: readonly string[] | null;
}

export type FormField = TextField | DateField | DateTimeField | NumberField | YesNoField | ChoiceField | ChoicesField;

export type ParsedForm =
  | { readonly kind: 'form'; readonly fields: readonly FormField[] }
  | { readonly kind: 'unrenderable'; readonly reason: string; readonly path: string };

/** One thing wrong with an answer. `field` is empty when it concerns the answer as a whole. */
export interface AnswerError {
  readonly field: string;
  readonly message: string;
}

export type AnswerVerdict = { readonly ok: true } | { readonly ok: false; readonly errors: readonly AnswerError[] };
