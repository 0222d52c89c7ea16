/** An activity arrives and stays until it may leave; whoever waits for that knows when they have met. */
export function meeting() {
  let begin = () => undefined as void;
  let leave = () => undefined as void;
  const met = new Promise<void>((resolve) => (begin = resolve));
  const over = new Promise<void>((resolve) => (leave = resolve));
  const arrive = (): Promise<void> => {
    begin();
    return over;
  };
  return { arrive, met, leave: () => leave() };
}
