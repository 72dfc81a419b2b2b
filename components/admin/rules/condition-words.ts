/** What a condition may read, as the server offers it to CEL. */
export const variables: readonly { readonly name: string; readonly says: string }[] = [
  { name: 'server.name', says: 'text: the name in the configuration' },
  { name: 'server.trusted', says: 'true when its annotations are believed' },
  { name: 'tool.name', says: 'text' },
  { name: 'tool.title', says: 'text, may be empty' },
  { name: 'tool.description', says: 'text' },
  { name: 'tool.readOnly', says: 'changes nothing; false unless a trusted server says so' },
  { name: 'tool.destructive', says: 'may destroy; true unless a trusted server says not' },
  { name: 'tool.idempotent', says: 'safe to repeat; false unless a trusted server says so' },
  { name: 'tool.openWorld', says: 'reaches outside; true unless a trusted server says not' },
  { name: 'agent.name', says: 'text' },
  { name: 'agent.owner', says: 'e-mail address of who answers for it, or empty' },
  { name: 'session.client', says: 'the agent’s program as it names itself, or empty' },
  { name: 'session.scope', says: 'the one server of /mcp/{server}, or empty' },
  { name: 'args', says: 'the arguments, such as args.amount or args.to[0]' },
];

export const examples: readonly { readonly text: string; readonly says: string }[] = [
  { text: 'true', says: 'every call' },
  { text: 'glob(tool.name, "delete_*")', says: 'tools whose name begins with delete_' },
  { text: 'server.name == "payments" && !tool.readOnly', says: 'what writes on one server' },
  { text: 'has(args.amount) && args.amount > 1000', says: 'large amounts' },
  { text: 'args.to.exists(a, !a.endsWith("@example.com"))', says: 'mail that leaves the house' },
  { text: 'agent.name in ["release-pilot", "oncall-copilot"]', says: 'some agents' },
];
