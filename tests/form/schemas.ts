/** A flat schema of one property. */
export function oneField(property: unknown, required: 'required' | 'optional' = 'required'): unknown {
  return {
    type: 'object',
    properties: { value: property },
    ...(required === 'required' ? { required: ['value'] } : {}),
  };
}
