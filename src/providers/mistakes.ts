/** Sentences about the file, each beginning with the place in it. None repeats a value: it may be a secret. */
export class ProvidersFileError extends Error {
  constructor(
    file: string,
    readonly mistakes: readonly string[],
  ) {
    super(`PROVIDERS_FILE (${file}) cannot be used:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`);
  }
}
