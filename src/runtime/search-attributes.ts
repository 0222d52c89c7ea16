import type { ConnectionLike } from '@temporalio/client';
import { isGrpcServiceError } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../contract/search-attributes';

/** `INDEXED_VALUE_TYPE_KEYWORD` and gRPC's `ALREADY_EXISTS`, as numbers, so that we need no packages for them. */
const KEYWORD = 2;
const ALREADY_EXISTS = 6;

/** Registers the search attributes that workflows set; harmless if they exist. A server without them refuses our workflows. */
export async function registerSearchAttributes(
  { operatorService }: Pick<ConnectionLike, 'operatorService'>,
  namespace: string,
): Promise<void> {
  for (const { name } of SEARCH_ATTRIBUTES) {
    try {
      await operatorService.addSearchAttributes({ namespace, searchAttributes: { [name]: KEYWORD } });
    } catch (error) {
      if (!isGrpcServiceError(error) || Number(error.code) !== ALREADY_EXISTS) throw error;
    }
  }
}
