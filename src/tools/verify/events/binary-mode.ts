const PREFIX = 'ce_';

/**
 * Rebuilds the structured form of an event in CloudEvents' binary mode: its attributes in the order of its headers, then the data. An event
 * in structured mode is returned unchanged.
 */
export function inStructuredMode(value: string, headers: Readonly<Record<string, unknown>>): string {
  if (headers[`${PREFIX}id`] === undefined) return value;
  const attributes = Object.entries(headers).map(([name, text]) => {
    const attribute = name === 'content-type' ? 'datacontenttype' : name.slice(PREFIX.length);
    return `${JSON.stringify(attribute)}:${JSON.stringify(String(text))}`;
  });
  return `{${attributes.join()},"data":${value}}`;
}
