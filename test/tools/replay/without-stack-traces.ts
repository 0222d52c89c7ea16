/** A copy of a recorded history without stack traces: they contain paths of somebody's machine, and replay does not need them. */
export function withoutStackTraces(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutStackTraces);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'stackTrace')
      .map(([name, member]) => [name, name === 'encodedAttributes' ? cleared(member) : withoutStackTraces(member)]),
  );
}

/** Our failure converter puts message and stack trace into a payload of its own. */
function cleared(payload: unknown): unknown {
  const { data, ...rest } = payload as { data: string };
  const attributes = JSON.parse(Buffer.from(data, 'base64').toString()) as { stack_trace: string };
  const text = JSON.stringify({ ...attributes, stack_trace: '' });
  return { ...rest, data: Buffer.from(text).toString('base64') };
}
