/** The address of a real server that the global set-up started. */
export function testEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: run Jest with --selectProjects, so that its set-up runs`);
  return value;
}
