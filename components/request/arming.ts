/** An approval takes two steps: the first shows the arguments and arms the button, the second commits. */
export type Arming =
  | { readonly step: 'calm' }
  /** Values are not fully shown: what cannot be seen cannot be approved. */
  | { readonly step: 'pointed'; readonly hidden: number }
  | { readonly step: 'armed'; readonly at: number };

export const calm: Arming = { step: 'calm' };

/** A second press this soon is the first one bouncing, not a decision. */
export const settleMs = 600;

export type ArmingPress = { readonly at: number; readonly hidden: number };

export interface ArmingStep {
  readonly arming: Arming;
  readonly effect: 'nothing' | 'show_arguments' | 'commit';
}

export function press(arming: Arming, { at, hidden }: ArmingPress): ArmingStep {
  if (hidden > 0) return { arming: { step: 'pointed', hidden }, effect: 'show_arguments' };
  if (arming.step !== 'armed') return { arming: { step: 'armed', at }, effect: 'show_arguments' };
  if (at - arming.at < settleMs) return { arming, effect: 'nothing' };
  return { arming: calm, effect: 'commit' };
}

/** Closing a value again takes the arming back. */
export function afterHiding(arming: Arming, hidden: number): Arming {
  if (hidden === 0) return arming.step === 'pointed' ? calm : arming;
  return arming.step === 'calm' ? arming : { step: 'pointed', hidden };
}
