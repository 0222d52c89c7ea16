/** Makes the next Ctrl-C call `act` instead of ending the program; returns a function that takes that back. */
export type OnInterrupt = (act: () => void) => () => void;

/** A second Ctrl-C ends the program as usual. */
export const onProcessInterrupt: OnInterrupt = (act) => {
  process.once('SIGINT', act);
  return () => process.off('SIGINT', act);
};
