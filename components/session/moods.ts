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
  /** After a number of sessions. */
  readonly counted: string;
}

export const moodLooks: { readonly [M in SessionMood]: MoodLook } = {
  stalled: { icon: TriangleAlert, tone: 'danger', name: 'Stalled', counted: 'stalled' },
  person: { icon: User, tone: 'person', name: 'Person', counted: 'with a person' },
  slow: { icon: Gauge, tone: 'plain', name: 'Slow', counted: 'slow' },
  model: { icon: Sparkles, tone: 'model', name: 'Model', counted: 'with a model' },
  busy: { icon: Zap, tone: 'work', name: 'Busy', counted: 'busy' },
  nobody: { icon: Minus, tone: 'plain', name: 'Nobody', counted: 'waiting on nobody' },
  ending: { icon: OctagonX, tone: 'danger', name: 'Ending', counted: 'ending' },
  ended: { icon: OctagonX, tone: 'plain', name: 'Ended', counted: 'ended' },
};
