import { Client } from '@temporalio/client';
import type { Connection, WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { CHECKOUT_STATE, CHECKOUT_STEP, REFUSAL_CODE, TENANT } from '../../src/contract/search-attributes';
import { dataConverterOf } from '../../src/payloads/data-converter';

/** The marker of a local activity. A patch has a marker too. */
const LOCAL_ACTIVITY = 'core_local_activity';

/** What the Web UI's page of a run shows. */
export interface WebUiView {
  readonly status: string;
  readonly summary: string | undefined;
  readonly details: string | undefined;
  readonly currentDetails: string;
  readonly memo: Record<string, unknown> | undefined;
  /** CheckoutState, CheckoutStep, Tenant, RefusalCode. */
  readonly searchAttributes: readonly (string | undefined)[];
  /** The summary of each activity, in the order they were scheduled. */
  readonly activities: readonly (string | undefined)[];
}

/** Reads runs like the Web UI: with the keys where it asks the codec server, and without them elsewhere. */
export class WebUiReader {
  readonly #withKeys: Client;
  readonly #withoutKeys: Client;

  constructor(connection: Connection, payloadKeys: string) {
    this.#withKeys = new Client({ connection, dataConverter: dataConverterOf(payloadKeys) });
    this.#withoutKeys = new Client({ connection });
  }

  async read(workflowId: string): Promise<WebUiView> {
    // First, so that a caller who waits for a line in it finds the rest at least as new.
    const currentDetails = await this.#currentDetails(workflowId);
    const run = await this.#withoutKeys.workflow.getHandle(workflowId).describe();
    return {
      status: run.status.name,
      summary: await run.staticSummary(),
      details: await run.staticDetails(),
      currentDetails,
      memo: run.memo,
      searchAttributes: searchAttributesOf(run),
      activities: await this.#activities(workflowId),
    };
  }

  async list(query: string): Promise<string[]> {
    const workflowIds: string[] = [];
    for await (const { workflowId } of this.#withoutKeys.workflow.list({ query })) workflowIds.push(workflowId);
    return workflowIds;
  }

  async ended(workflowId: string): Promise<void> {
    await this.#withKeys.workflow
      .getHandle(workflowId)
      .result()
      .catch(() => undefined);
  }

  async #currentDetails(workflowId: string): Promise<string> {
    const handle = this.#withKeys.workflow.getHandle(workflowId);
    const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
    return metadata.currentDetails ?? '';
  }

  async #activities(workflowId: string): Promise<(string | undefined)[]> {
    const { events } = await this.#withoutKeys.workflow.getHandle(workflowId).fetchHistory();
    return (
      (events ?? [])
        // A first attempt that failed appears again, as the regular activity it continued as.
        .filter(
          ({ activityTaskScheduledEventAttributes: regular, markerRecordedEventAttributes: marker }) =>
            regular ?? marker?.markerName === LOCAL_ACTIVITY,
        )
        .map(({ userMetadata }) => {
          const summary = userMetadata?.summary;
          return summary ? defaultPayloadConverter.fromPayload<string>(summary) : undefined;
        })
    );
  }
}

const searchAttributesOf = ({ typedSearchAttributes }: WorkflowExecutionDescription) =>
  [CHECKOUT_STATE, CHECKOUT_STEP, TENANT, REFUSAL_CODE].map((each) => typedSearchAttributes.get(each));
