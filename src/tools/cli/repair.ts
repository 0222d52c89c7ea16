import { randomUUID } from 'node:crypto';
import { Option } from 'commander';
import { SKIPPABLE, STEPS } from '../../domain/steps';
import type { Step } from '../../domain/steps';
import { checkoutId, headerText, sentence } from '../terminal/arguments';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { repeatable } from './repeatable';
import type { CommandGroup, CommonOptions, Session } from './session';
import { doneShape } from './shape';

/** The actions of `POST /v1/ops/checkouts/:id/repair`, and when, or what for, an operator would choose each. */
const WHEN = {
  retry: 'if the provider works again',
  skip: 'to go on without this step',
  resolve: 'if it was undone by hand',
  cancel: 'to give up the order and undo everything',
};
type RepairAction = keyof typeof WHEN;

/** About the goods of an order: the warehouse refused it after it had accepted, or the inventory does not know that they have left. */
const WHEN_REFUSED = {
  retry: 'to ask the warehouse again',
  resolve: 'if the goods go out some other way, or the customer agreed to something else',
};
const WHEN_NOT_TOLD = {
  retry: 'if the inventory works again',
  resolve: 'if you took the goods off its stock by hand',
};

interface RepairOptions {
  readonly step: Step;
  readonly action: RepairAction;
  readonly reason: string;
  readonly key?: string;
}

export function addRepair({ command, act }: CommandGroup): void {
  command('repair', 'settle a step or an undo that needs an operator')
    .argument('<id>', 'id of the checkout', checkoutId)
    .addOption(new Option('--step <step>', 'the step that is stuck').choices(STEPS).makeOptionMandatory())
    .addOption(new Option('--action <action>', 'what to do about it').choices(Object.keys(WHEN)).makeOptionMandatory())
    .requiredOption('--reason <sentence>', 'why; it is recorded', sentence)
    .option('--key <key>', 'Idempotency-Key (default: a new random one)', headerText)
    .action((id: string, options: CommonOptions & RepairOptions) =>
      act(options, (session) => repair(session, id, options)),
    );
}

/** Settles what needs attention. The key is always printed: with it the call can be repeated, and is done once. */
async function repair({ api, output, reach }: Session, id: string, options: RepairOptions): Promise<ExitCode> {
  const { step, action, reason, key = randomUUID() } = options;
  return repeatable(output, { key, twice: 'repairing', facts: () => ({ id }) }, async () => {
    await api.post(`/v1/ops/checkouts/${encodeURIComponent(id)}/repair`, doneShape, {
      body: { step, action, reason },
      key,
    });
    output.say(`Done      ${action} ${step} of ${id}`);
    output.say(`Reason    ${reason}`);
    output.say(`Key       ${key}`);
    output.say(`Check     npx durable-checkout attention${reach}`);
    output.answer({ done: true, id, step, action, key });
    return EXIT.asPromised;
  });
}

interface Item {
  readonly checkoutId: string;
  readonly step: string;
  /** `undo`: parked; `step`: still being retried; `fulfillment`: about the goods. */
  readonly kind: string;
}

/** The commands that settle an item, the likeliest first. Only a hint: the API decides what is allowed now. */
export const repairHintsFor = ({ checkoutId: id, kind, step }: Item) =>
  Object.entries(choicesFor(kind, step)).map(([action, when]) => ({
    when,
    command: `npx durable-checkout repair ${id} --step ${step} --action ${action}`,
  }));

function choicesFor(kind: string, step: string): Readonly<Partial<Record<RepairAction, string>>> {
  if (kind === 'fulfillment') return step === 'stock-reserved' ? WHEN_NOT_TOLD : WHEN_REFUSED;
  const { retry, resolve, skip, cancel } = WHEN;
  const skipping = SKIPPABLE.some((name) => name === step) ? { skip } : {};
  return kind === 'undo' ? { retry, resolve, ...skipping } : { retry, ...skipping, cancel };
}
