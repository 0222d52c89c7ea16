import type { Carrier, LabelAnswer } from '../../ports/carrier';
import { inMinorUnits } from './in-minor-units';
import { parcels } from './parcels';
import type { VerbAt } from './protocol/protocol';
import type { AnswerTo } from './protocol/verb';
import { ProviderClient } from './provider-client';
import type { HttpSettings, HttpSurroundings } from './settings';

/** `Carrier` over the HTTP provider protocol. */
export function httpCarrier(settings: HttpSettings, surroundings?: HttpSurroundings): Carrier {
  const client = new ProviderClient('carrier', settings, surroundings);
  return {
    async generateLabel({ key, lines, value, ...parcel }) {
      const request = { ...parcel, lines: parcels(lines), value: inMinorUnits(value) };
      return labelOf(await client.call('generate', key, request));
    },
    async find({ key }) {
      const answer = await client.call('find', key, {});
      return answer.outcome === 'unseen' ? answer : labelOf(answer);
    },
    voidLabel: async ({ key }) => void (await client.call('void', key, {})),
  };
}

function labelOf(answer: AnswerTo<VerbAt<'carrier', 'generate'>>): LabelAnswer {
  if (answer.outcome !== 'generated') return answer;
  const { document, ...label } = answer;
  if (document === undefined) return label;
  return { ...label, document: { format: document.format, bytes: Buffer.from(document.base64, 'base64') } };
}
