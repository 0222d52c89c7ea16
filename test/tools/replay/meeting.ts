/** An activity calls `arrive`, and stays until `leave` is called; `met` resolves once it has arrived. */
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
