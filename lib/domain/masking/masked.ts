/** Stands where a value was masked (I14). Apart from what masks, which pages do not need. */
export const masked = '[masked]';
