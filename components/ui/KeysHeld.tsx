'use client';

import { useEffect } from 'react';
import { holdKeys } from './use-keys';

/** In the place of a box that a key opens, until its code is there: keys do nothing else meanwhile. */
export function KeysHeld(): null {
  useEffect(() => holdKeys(), []);
  return null;
}
