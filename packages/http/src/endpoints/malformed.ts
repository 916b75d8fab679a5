/** Words for bodies that are no requests: the network's, by how far it gets in reading them. */
import { EnvelopeError } from '../envelope.ts'
import { HttpError } from '../httpError.ts'

/** The refusal of an envelope that cannot be read; any other error is itself. */
export function asRefusal(error: unknown, requestType: 'call' | 'query' | 'read_state'): unknown {
  if (!(error instanceof EnvelopeError)) return error
  if (error.kind === 'form') return new HttpError(400, `Failed to deserialize cbor request: ${error.message}`)
  const what = requestType === 'call' ? 'Could not parse body as call message' : 'Malformed request'
  return new HttpError(400, `${what}: ${error.message}`)
}
