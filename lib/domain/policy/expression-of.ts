/** A rule's conditions as the configuration first had them: every one given must hold, one left out always holds. */
export interface RuleConditions {
  /** Glob over the server's name, `*` for any run of characters. */
  readonly server: string | null;
  /** Glob over the tool's own name. */
  readonly tool: string | null;
  readonly annotations: { readonly readOnly?: boolean; readonly destructive?: boolean; readonly idempotent?: boolean };
}

const marks = ['readOnly', 'destructive', 'idempotent'] as const;

/** The expression that says the same. Guarded by tests/policy/expression-of.test.ts. */
export function expressionOf(old: RuleConditions): string {
  const parts = [nameIs('server.name', old.server), nameIs('tool.name', old.tool)];
  for (const mark of marks) {
    const wanted = old.annotations[mark];
    parts.push(wanted === undefined ? null : wanted ? `tool.${mark}` : `!tool.${mark}`);
  }
  const given = parts.filter((part) => part !== null);
  return given.length === 0 ? 'true' : given.join(' && ');
}

function nameIs(field: string, pattern: string | null): string | null {
  if (pattern === null || /^\*+$/.test(pattern)) return null;
  return pattern.includes('*') ? `glob(${field}, ${quoted(pattern)})` : `${field} == ${quoted(pattern)}`;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text as CEL writes it. */
function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"\n\r\t]/g, (character) => escapes[character] ?? character)}"`;
}
