/** `/api/v2/status`. @see Interface specification, "Request: Status" */
import { type ApiAnswer, cborAnswer } from '../apiMessages.ts'
import type { EndpointContext } from '../context.ts'

export function answerStatus({ replica }: EndpointContext): ApiAnswer {
  return cborAnswer({
    ic_api_version: '0.66.0',
    impl_version: 'tidemark-0.1.0',
    replica_health_status: 'healthy',
    certified_height: replica.round(),
    root_key: replica.rootKey,
  })
}
