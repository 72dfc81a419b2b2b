import type { FormField } from '@/lib/domain/form/field';

export interface PlacedField {
  readonly field: FormField;
  readonly index: number;
}

const labelBesideMax = 24;

/** Short fields that follow each other stand side by side; the order stays the server's. */
export function formRows(fields: readonly FormField[]): readonly (readonly PlacedField[])[] {
  const rows: PlacedField[][] = [];
  fields.forEach((field, index) => {
    const row = rows.at(-1);
    const [first] = row ?? [];
    if (row?.length === 1 && first !== undefined && isShort(first.field) && isShort(field)) row.push({ field, index });
    else rows.push([{ field, index }]);
  });
  return rows;
}

function isShort(field: FormField): boolean {
  return (field.kind === 'number' || field.kind === 'date') && field.label.length <= labelBesideMax;
}
