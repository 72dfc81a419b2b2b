/** The variables a configuration file may refer to. */
export type Variables = Readonly<Record<string, string | undefined>>;

export type Expansion = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

const reference = /^(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^]*))?$/;

/**
 * Replaces `${NAME}`, `${env:NAME}` (VS Code, Cursor) and `${NAME:-default}`; `$${` stands for a plain `${`.
 * A message names the variable and never shows a value: values are secrets.
 */
export function expand(text: string, variables: Variables): Expansion {
  let out = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf('${', at);
    if (start < 0) return { ok: true, text: out + text.slice(at) };
    if (text[start - 1] === '$' && start > at) {
      out += `${text.slice(at, start - 1)}\${`;
      at = start + 2;
      continue;
    }
    const end = text.indexOf('}', start);
    if (end < 0) return { ok: false, message: '"${" has no "}". Write "$${" for a plain "${".' };
    const value = resolve(text.slice(start + 2, end), variables);
    if (!value.ok) return value;
    out += text.slice(at, start) + value.text;
    at = end + 1;
  }
}

function resolve(body: string, variables: Variables): Expansion {
  if (body.startsWith('input:')) {
    return {
      ok: false,
      message: `\${${body}} would have to be asked for. Use an environment variable, such as \${NAME}.`,
    };
  }
  const match = reference.exec(body);
  const name = match?.[1];
  if (name === undefined) {
    return {
      ok: false,
      message: `\${${body}} is not understood. Use \${NAME} or \${NAME:-default}; write "$\${" for a plain "\${".`,
    };
  }
  const value = variables[name];
  const fallback = match?.[2];
  if (fallback !== undefined) return { ok: true, text: value === undefined || value === '' ? fallback : value };
  if (value !== undefined) return { ok: true, text: value };
  return {
    ok: false,
    message: `the environment variable ${name} is not set. Set it, or give a default: \${${name}:-…}.`,
  };
}
