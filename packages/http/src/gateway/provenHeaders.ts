/** Which headers of an answer reach the client: those that the canister proved. */
import { nowNanos } from '../context.ts'
import { GatewayError } from './errors.ts'
import type { Gateway } from './gateway.ts'
import type { CanisterRequest, CanisterResponse, HeaderFields } from './httpTypes.ts'
import type { Target } from './resolveCanister.ts'
import { VerificationError } from './verification/verificationError.ts'
import { type Verified, verifyResponse } from './verification/verifyResponse.ts'

/**
 * Verifies an answer. Of version 2 the certified headers pass; version 1 certifies no headers, so all but those that could do
 * harm pass; where nothing is verified all pass.
 *
 * @throws GatewayError when the answer cannot be trusted
 */
export async function provenHeaders(
  request: CanisterRequest,
  response: CanisterResponse,
  { canisterId, raw }: Target,
  gateway: Gateway,
): Promise<HeaderFields> {
  const { replica, check } = gateway
  if (raw || check === undefined) return response.headers
  const verified = await verify(() =>
    verifyResponse({ request, response, canisterId, rootKey: replica.rootKey, nowNanos: nowNanos(gateway), check }),
  )
  if (verified.version === 2) return verified.headers ?? response.headers
  if (response.status >= 300 && response.status < 400) throw untrusted('Response verification v1 does not allow redirects')
  return response.headers.filter(([name]) => name.toLowerCase() !== 'cache-control')
}

async function verify(run: () => Promise<Verified>): Promise<Verified> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof VerificationError) throw untrusted(error.message)
    throw error
  }
}

function untrusted(reason: string): GatewayError {
  return new GatewayError(
    'backend_response_verification',
    'The answer of the canister does not verify, so it cannot be trusted. Its raw host gives answers without verification.',
    reason,
  )
}
