import { overAt } from '@/lib/domain/queue';
import type { HoldRequest } from '@/lib/domain/request';
import { plainText } from './json-text';
import type { RequestRow } from './schema';

/** Longer than any name; keeps one request from filling the search text. */
const longestSearch = 2_000;

export type QueueColumns = Pick<
  RequestRow,
  'due_at' | 'over_at' | 'for_teams' | 'assigned_to' | 'claim_by' | 'claim_until' | 'risk' | 'agent_name' | 'search'
>;

/** What the queue finds a request by. */
export function queueColumns(request: HoldRequest, agentName: string): QueueColumns {
  const isOpen = request.state === 'open';
  return {
    due_at: isOpen && request.writer === 'person' ? request.deadline.at : null,
    over_at: isOpen ? null : overAt(request),
    for_teams: forTeams(request),
    assigned_to: request.assignedTo?.id ?? null,
    claim_by: isOpen ? (request.claim?.by.id ?? null) : null,
    claim_until: isOpen ? (request.claim?.untilAt ?? null) : null,
    risk: request.risk,
    agent_name: plainText(agentName),
    search: searchText(request, agentName),
  };
}

/** A comma on both sides of each, so that no team's name is found in another's. Without a team it is for everyone. */
function forTeams({ team, alsoTeams }: HoldRequest): string {
  if (team === null) return '';
  const ids = new Set([team, ...alsoTeams].map(({ id }) => id));
  return `,${[...ids].join(',')},`;
}

/** What a server wrote comes last: however long, it does not push out what we know. */
function searchText(request: HoldRequest, agentName: string): string {
  const teams = request.team === null ? request.alsoTeams : [request.team, ...request.alsoTeams];
  const words = [
    request.requestId,
    agentName,
    request.assignedTo?.name ?? '',
    ...teams.map(({ name }) => name),
    request.server,
    request.tool ?? '',
    request.title,
  ];
  return plainText(words.join('\n').toLowerCase().slice(0, longestSearch));
}
