import type { LucideIcon } from 'lucide-react';
import Ban from 'lucide-react/icons/ban';
import Bot from 'lucide-react/icons/bot';
import Check from 'lucide-react/icons/check';
import CircleQuestionMark from 'lucide-react/icons/circle-question-mark';
import Clock from 'lucide-react/icons/clock';
import Hand from 'lucide-react/icons/hand';
import History from 'lucide-react/icons/history';
import Inbox from 'lucide-react/icons/inbox';
import Link2 from 'lucide-react/icons/link-2';
import Minus from 'lucide-react/icons/minus';
import OctagonX from 'lucide-react/icons/octagon-x';
import Play from 'lucide-react/icons/play';
import Plug from 'lucide-react/icons/plug';
import Send from 'lucide-react/icons/send';
import ShieldCheck from 'lucide-react/icons/shield-check';
import Sparkles from 'lucide-react/icons/sparkles';
import SquarePen from 'lucide-react/icons/square-pen';
import Text from 'lucide-react/icons/text';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import Unplug from 'lucide-react/icons/unplug';
import User from 'lucide-react/icons/user';
import X from 'lucide-react/icons/x';
import Zap from 'lucide-react/icons/zap';
import { type LaneStanding, standingWords } from '@/lib/domain/timeline/standing';
import type { EventIcon, Tone } from '@/lib/domain/timeline/words';

export const eventIcons: { readonly [I in EventIcon]: LucideIcon } = {
  play: Play,
  bolt: Zap,
  check: Check,
  cross: X,
  ban: Ban,
  unknown: CircleQuestionMark,
  clock: Clock,
  form: SquarePen,
  link: Link2,
  approval: ShieldCheck,
  spark: Sparkles,
  recover: History,
  hand: Hand,
  user: User,
  send: Send,
  text: Text,
  alert: TriangleAlert,
  plug: Plug,
  unplug: Unplug,
  stop: OctagonX,
  agent: Bot,
  inbox: Inbox,
  minus: Minus,
};

export interface StateLook {
  readonly icon: LucideIcon;
  readonly tone: Tone;
  readonly words: string;
}

export const stateLooks: { readonly [S in LaneStanding]: StateLook } = {
  held: { icon: Clock, tone: 'person', words: standingWords.held },
  working: { icon: Zap, tone: 'work', words: standingWords.working },
  input_required: { icon: User, tone: 'person', words: standingWords.input_required },
  completed: { icon: Check, tone: 'ok', words: standingWords.completed },
  failed: { icon: X, tone: 'danger', words: standingWords.failed },
  cancelled: { icon: Minus, tone: 'quiet', words: standingWords.cancelled },
  rejected: { icon: Ban, tone: 'danger', words: standingWords.rejected },
  expired: { icon: Clock, tone: 'quiet', words: standingWords.expired },
  indeterminate: { icon: CircleQuestionMark, tone: 'danger', words: standingWords.indeterminate },
  tool_error: { icon: X, tone: 'danger', words: standingWords.tool_error },
  run_again: { icon: History, tone: 'person', words: standingWords.run_again },
  page_first: { icon: Link2, tone: 'person', words: standingWords.page_first },
  sending_again: { icon: History, tone: 'work', words: standingWords.sending_again },
  result_lost: { icon: Unplug, tone: 'danger', words: standingWords.result_lost },
};

/** The class that repeats a tone; the quiet one is grey. */
export function toneClass(tone: Tone): string {
  return tone === 'quiet' ? 't3' : tone;
}
