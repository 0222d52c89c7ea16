const PREFIX = 'ce_';

/**
 * Puts an event that came in CloudEvents' binary mode together again: attribute by attribute in the order of its headers, then the data. One
 * that came in structured mode stays as it is.
 */
export function inStructuredMode(value: string, headers: Readonly<Record<string, unknown>>): string {
  if (headers[`${PREFIX}id`] === undefined) return value;
  const attributes = Object.entries(headers).map(([name, text]) => {
    const attribute = name === 'content-type' ? 'datacontenttype' : name.slice(PREFIX.length);
    return `${JSON.stringify(attribute)}:${JSON.stringify(String(text))}`;
  });
  return `{${attributes.join()},"data":${value}}`;
}
