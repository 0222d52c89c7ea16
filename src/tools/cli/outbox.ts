import { PARKED_STATES } from '../../domain/parked-states';
import type { ParkedState } from '../../domain/parked-states';
import { inColumns, minuteOf } from '../terminal/columns';
import { duration } from '../terminal/duration';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { addReplay } from './replay';
import type { CommandGroup, CommonOptions, Session } from './session';
import { listOf, number, objectOf, orAbsent, orNull, text, truth } from './shape';
import type { Shape, Shaped } from './shape';

const parkedShape: Shape<Readonly<Record<ParkedState, number>>> = objectOf(
  Object.fromEntries(PARKED_STATES.map((state) => [state, number])) as Record<ParkedState, Shape<number>>,
);
const sinkShape = objectOf({
  ...{ sink: text, pending: number, atLeast: truth, oldestSeconds: orNull(number), perSecond: number },
  ...{ delivered: number, parked: parkedShape },
  ...{ rewoundAt: orAbsent(orNull(text)), rewindReason: orAbsent(orNull(text)) },
  lanes: listOf(objectOf({ owner: orNull(text), failingSince: orNull(text), failure: orNull(text) })),
});
const outboxShape = objectOf({
  sinks: listOf(sinkShape),
  warnings: orAbsent(listOf(objectOf({ sink: text, warning: text }))),
});

type SinkItem = Shaped<typeof sinkShape>;

const HEAD = ['SINK', 'PENDING', 'OLDEST', 'RATE', 'DELIVERED', 'WAITING', 'BEHIND', 'DEAD'];

export function addOutbox({ command, act }: CommandGroup): void {
  const added = command('outbox', 'show how far each sink has got with the events').action((options: CommonOptions) =>
    act(options, outbox),
  );
  addReplay(added, act);
}

/** Shows how far each sink has got, and what is wrong with it. Exits with 3 if there are dead letters. */
async function outbox({ api, output, reach }: Session): Promise<ExitCode> {
  const answer = await api.get('/v1/ops/outbox', outboxShape);
  output.answer(answer);
  const { sinks, warnings = [] } = answer;
  if (sinks.length === 0) output.say('No sink has run yet.');
  const [head = '', ...rows] = inColumns([HEAD, ...sinks.map(cellsOf)]);
  if (sinks.length > 0) output.draw([{ text: head, style: 'dim' }]);
  for (const [at, item] of sinks.entries()) {
    output.say(rows[at] ?? '');
    const dangers = warnings.filter(({ sink }) => sink === item.sink).map(({ warning }) => warning);
    for (const trouble of [...dangers, ...troublesOf(item)]) output.say(`    ${trouble}`);
    if (item.parked.dead > 0) output.say(`    npx durable-checkout dead-letters --sink ${item.sink}${reach}`);
  }
  return sinks.some(({ parked }) => parked.dead > 0) ? EXIT.needsAttention : EXIT.asPromised;
}

const cellsOf = ({ sink, pending, atLeast, oldestSeconds, perSecond, delivered, parked }: SinkItem): string[] => [
  sink,
  `${pending}${atLeast ? '+' : ''}`,
  oldestSeconds === null ? '-' : duration(oldestSeconds * 1_000),
  `${perSecond.toFixed(1)}/s`,
  ...[delivered, parked.waiting, parked.behind, parked.dead].map(String),
];

/** A failing lane retries by itself; a free one waits for a relay; a rewound sink gets again everything in the log. */
function troublesOf({ lanes, rewoundAt, rewindReason }: SinkItem): string[] {
  const free = lanes.filter(({ owner }) => owner === null).length;
  const failing = lanes.flatMap(({ failingSince, failure }) =>
    failingSince === null ? [] : [{ failingSince, failure }],
  );
  const [first] = failing.sort((one, other) => one.failingSince.localeCompare(other.failingSince));
  return [
    ...(free > 0 ? [`${free} of ${lanes.length} lanes have no relay`] : []),
    ...(first
      ? [
          `${failing.length} of ${lanes.length} lanes have been failing since ${minuteOf(first.failingSince)}: ${first.failure ?? ''}`,
        ]
      : []),
    ...(rewoundAt ? [`rewound to the beginning of the log at ${minuteOf(rewoundAt)}: ${rewindReason ?? ''}`] : []),
  ];
}
