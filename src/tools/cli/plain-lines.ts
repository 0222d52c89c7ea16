import { changes } from './changes';
import type { CheckoutSnapshot } from './checkout-snapshot';
import type { Clock } from '../terminal/clock';
import type { Display } from './display';
import type { Output } from '../terminal/output';
import { approvalOf } from './summary';

/** One line for each change, for pipes and logs; nothing but notices with `--json`. */
export function createPlainLines(output: Output, clock: Clock): Display {
  let before: CheckoutSnapshot | undefined;
  return {
    show(snapshot) {
      const approval = approvalOf(snapshot);
      for (const line of changes(before, snapshot, clock.now())) output.say(line);
      if (approval !== undefined && approval !== (before && approvalOf(before))) output.say(approval);
      before = snapshot;
    },
    notice: (sentence) => output.complain(sentence),
    close() {},
  };
}
