'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import type { AdminData } from '@/components/admin/AdminPage';
import type { RulesDesk, RulesView } from '@/components/admin/rules/rules-props';
import type { PolicyRule, PolicyVersion } from '@/lib/domain/policy/rule';
import { whyNot } from '@/lib/domain/why-not';
import type { RulesReadReply } from '@/lib/protocol/command/rules';
import type { TeamsListReply } from '@/lib/protocol/command/teams';
import type { CommandOf } from '@/lib/protocol/commands';
import { useClockOffset, useCommand, useListed, useLive, useLivePart } from '../hooks';
import type { Live } from '../live';
import type { Send } from '../wire';
import { answered } from './admin-data';

const RulesScreen = dynamic(() => import('@/components/admin/rules/RulesScreen').then((file) => file.RulesScreen), {
  ssr: false,
});

export function RulesContainer(): ReactNode {
  const person = useLive((state) => state.person);
  const offline = useLive((state) => state.line.state === 'offline' || state.line.state === 'refused');
  const offsetMs = useClockOffset();
  const send = useCommand();
  const { read, again, put } = useRules();
  const { listed: servers } = useListed('servers.list');
  const { listed: agents } = useListed('agents.list');
  const desk = useMemo(() => deskOf(send), [send]);
  const now = useDay(offsetMs);
  const data = useMemo<AdminData<RulesView>>(() => {
    if (read.is !== 'ready') return read;
    const serverNames = servers.status === 'ready' ? servers.value.servers.map(({ name }) => name) : [];
    const agentNames = agents.status === 'ready' ? agents.value.agents.map(({ name }) => name) : [];
    return { is: 'ready', value: { ...read.value, servers: serverNames, agents: agentNames } };
  }, [read, servers, agents]);
  if (person === null) return null;
  const forbidden = whyNot(person.role, 'rule.read');
  return (
    <RulesScreen
      data={forbidden === null ? data : { is: 'forbidden', message: forbidden }}
      me={person.id}
      line={offline ? 'offline' : 'online'}
      now={now}
      desk={desk}
      onSaved={put}
      onRetry={again}
    />
  );
}

type Read = AdminData<Omit<RulesView, 'servers' | 'agents'>>;

/** The rules in force and the teams they name: read when the page opens, when the line is back, and when told. */
function useRules(): {
  readonly read: Read;
  readonly again: () => void;
  /** What was just saved is in force: shown before it is read. */
  readonly put: (version: PolicyVersion) => void;
} {
  const live = useLivePart();
  const isOnline = useLive((state) => state.line.state === 'online');
  const [round, setRound] = useState(0);
  const [read, setRead] = useState<Read>({ is: 'loading' });
  const again = useCallback(() => setRound((before) => before + 1), []);
  useSavedByOthers(live, again);
  useEffect(() => {
    if (!isOnline) return;
    let state: 'wanted' | 'left' = 'wanted';
    void readRules(live).then((next) => {
      if (state === 'wanted' && next !== null) setRead((before) => sameOr(before, next));
    });
    return () => {
      state = 'left';
    };
  }, [live, isOnline, round]);
  const put = useCallback(
    (version: PolicyVersion) => {
      setRead((before) =>
        before.is === 'ready' ? { ...before, value: { ...before.value, current: version } } : before,
      );
      again();
    },
    [again],
  );
  return { read, again, put };
}

async function readRules(live: Live): Promise<Read | null> {
  const [rules, teams] = await Promise.all([live.read({ type: 'rules.read' }), live.read({ type: 'teams.list' })]);
  if (rules === null || teams === null) return null;
  if (!rules.ok) return { is: rules.code === 'forbidden' ? 'forbidden' : 'failed', message: rules.message };
  return readyOf(rules.value, teams.ok ? teams.value : { teams: [] });
}

function readyOf(rules: RulesReadReply, { teams }: TeamsListReply): Read {
  return { is: 'ready', value: { current: rules.current, versions: rules.versions, teams } };
}

/** What was read again and is the same stays the same object, so that nothing is drawn or checked anew. */
function sameOr(before: Read, next: Read): Read {
  return JSON.stringify(before) === JSON.stringify(next) ? before : next;
}

/** Reads again when someone saved rules, and when the page is seen again. */
function useSavedByOthers(live: Live, again: () => void): void {
  useEffect(() => live.hearing.on('rules.changed', again), [live, again]);
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === 'visible') again();
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [again]);
}

/** The server's clock when the page opened: times here say which day, not which second. */
function useDay(offsetMs: number): number {
  const [openedAt] = useState(() => Date.now());
  return openedAt + offsetMs;
}

const nothing = (): void => undefined;

function deskOf(send: Send): RulesDesk {
  return {
    check: (rules) => answered(send({ type: 'rules.check', rules: onWire(rules) }), nothing),
    save: ({ base, rules, note }) => answered(send({ type: 'rules.save', base, rules: onWire(rules), note }), nothing),
    try: (rules, call) => answered(send({ type: 'rules.try', rules: onWire(rules), call }), nothing),
    backtest: (rules, days) => answered(send({ type: 'rules.backtest', rules: onWire(rules), days }), nothing),
    version: (version) => answered(send({ type: 'rules.version', version }), nothing),
    export: () => answered(send({ type: 'rules.export' }), nothing),
    import: (text) => answered(send({ type: 'rules.import', text }), nothing),
  };
}

/** The same rules as lists the wire's types take. */
function onWire(rules: readonly PolicyRule[]): CommandOf<'rules.check'>['rules'] {
  return rules.map(({ hold, ...rule }) => ({
    ...rule,
    hold:
      hold === null
        ? null
        : {
            ...hold,
            approvals: hold.approvals.map((threshold) => ({ ...threshold })),
            editable: [...hold.editable],
            safeFields: [...hold.safeFields],
          },
  }));
}
