/** A tool's annotations, as its server states them. Hints: trusted only from a trusted server. */
export interface ToolAnnotations {
  readonly title?: string;
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint?: boolean;
}

export type Risk = 'read_only' | 'writes' | 'destructive';

/**
 * The risk people are shown. By MCP's defaults a tool that says nothing may destroy, and what a server
 * that is not trusted says of its tools counts for nothing.
 */
export function riskOf(annotations: ToolAnnotations, server: { readonly trusted: boolean }): Risk {
  if (!server.trusted) return 'destructive';
  if (annotations.readOnlyHint === true) return 'read_only';
  return annotations.destructiveHint === false ? 'writes' : 'destructive';
}

/** False where nobody who is believed said what the tool does, and the worst is taken. */
export function isRiskSaid(risk: Risk, annotations: ToolAnnotations | null): boolean {
  return risk !== 'destructive' || annotations?.destructiveHint === true;
}

/** The separator between server and tool in the names agents see on `/mcp`. */
export const toolSeparator = '__';

export function agentToolName(server: string, tool: string): string {
  return `${server}${toolSeparator}${tool}`;
}

/** Splits `server__tool`; null when there is no separator. A server name never contains one. */
export function splitToolName(name: string): { readonly server: string; readonly tool: string } | null {
  const at = name.indexOf(toolSeparator);
  if (at <= 0 || at + toolSeparator.length >= name.length) return null;
  return { server: name.slice(0, at), tool: name.slice(at + toolSeparator.length) };
}
