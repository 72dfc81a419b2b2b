import type { LucideIcon } from 'lucide-react';
import Gauge from 'lucide-react/icons/gauge';
import Minus from 'lucide-react/icons/minus';
import OctagonX from 'lucide-react/icons/octagon-x';
import Sparkles from 'lucide-react/icons/sparkles';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import User from 'lucide-react/icons/user';
import Zap from 'lucide-react/icons/zap';
import type { Tone } from '@/components/ui/tone';
import type { SessionMood } from '@/lib/domain/timeline/verdict-words';

export interface MoodLook {
  readonly icon: LucideIcon;
  readonly tone: Tone;
  /** In the filter. */
  readonly name: string;
}

export const moodLooks: { readonly [M in SessionMood]: MoodLook } = {
  stalled: { icon: TriangleAlert, tone: 'danger', name: 'Stalled' },
  person: { icon: User, tone: 'person', name: 'Person' },
  slow: { icon: Gauge, tone: 'plain', name: 'Slow' },
  model: { icon: Sparkles, tone: 'model', name: 'Model' },
  busy: { icon: Zap, tone: 'work', name: 'Busy' },
  nobody: { icon: Minus, tone: 'plain', name: 'Nobody' },
  ending: { icon: OctagonX, tone: 'danger', name: 'Ending' },
  ended: { icon: OctagonX, tone: 'plain', name: 'Ended' },
};
