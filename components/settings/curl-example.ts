/** How a program answers a request with a person's token. */
export function curlExample(baseUrl: string, token: string): string {
  const body = { operationId: 'my-bot-1', revision: 1, action: 'decline', reason: 'Not before Monday' };
  return [
    `curl -X POST ${baseUrl}/api/v1/requests/REQUEST_ID/answer \\`,
    `  -H "Authorization: Bearer ${token}" \\`,
    '  -H "Content-Type: application/json" \\',
    `  -d '${JSON.stringify(body)}'`,
  ].join('\n');
}
