/** Has Ctrl-C do something else than end the program, once; returns how to take that back. */
export type OnInterrupt = (act: () => void) => () => void;

/** The second Ctrl-C ends the program as ever. */
export const onProcessInterrupt: OnInterrupt = (act) => {
  process.once('SIGINT', act);
  return () => process.off('SIGINT', act);
};
