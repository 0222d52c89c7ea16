import type { Row } from '../../suite/row';
import { must } from '../../suite/violation';
import type { Bench } from '../bench';
import { orderOf } from '../calls-of';
import { mustBeDone, mustBeSame } from '../expectations';
import { MINOR } from '../given';

const refundNotice: Row<Bench<'mail'>> = {
  row: 'refund notice',
  checks: [
    {
      says: 'once for each refund',
      run: async (bench) => {
        const { to, currency } = bench.given;
        const key = bench.newKey();
        const confirmation = mustBeDone(bench, await bench.calls.act(key));
        const tell = (refund: string) =>
          bench.port.sendRefundNotice({
            ...{ key, to, orderId: orderOf(key), refund },
            amount: { minor: MINOR.usual, currency },
          });

        const [first, other] = [await tell('ref_1'), await tell('ref_2')];

        mustBeSame(await tell('ref_1'), first);
        const references = new Set([confirmation, mustBeDone(bench, first), mustBeDone(bench, other)]);
        must(references.size === 3, 'the confirmation and two notices do not have three references');
      },
    },
  ],
};

export const ofMail = [refundNotice];
