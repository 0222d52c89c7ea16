import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { StreamLimits } from './stream-limits';

/** The metrics of this process's event streams. */
export function seatGauges(registry: Registry, seats: StreamLimits): void {
  const registers = [registry];
  const open: Gauge = new Gauge({
    name: 'durable_checkout_event_streams_open',
    help: 'Event streams that are open in this process',
    registers,
    collect: () => {
      open.set(seats.taken);
    },
  });
  const lost = new Counter({
    name: 'durable_checkout_event_stream_seats_lost_total',
    help: 'Seats that were kept for connections that are gone, and were freed: any is a bug',
    registers,
    collect: () => {
      lost.reset();
      lost.inc(seats.lost);
    },
  });
}
