/** Calls with encoded arguments and replies: what an actor does, for interfaces that are known only at run time. */
import {
  Certificate,
  CertifiedRejectErrorCode,
  type HttpAgent,
  isV2ResponseBody,
  isV3ResponseBody,
  lookupResultToBuffer,
  pollForResponse,
  QueryResponseStatus,
  RejectError,
  type SubmitResponse,
  UncertifiedRejectErrorCode,
  UncertifiedRejectUpdateErrorCode,
} from '@dfinity/agent'
import type { Principal } from '@dfinity/principal'
import { CliError } from '../output/cliError.ts'

export interface RawCall {
  readonly canisterId: Principal
  readonly methodName: string
  readonly arg: Uint8Array
  /** Where the request is routed to; by default the canister itself. */
  readonly effectiveCanisterId?: Principal
}

/** Sends a query and returns the encoded reply. @throws RejectError on a reject */
export async function queryRaw(
  agent: HttpAgent,
  { canisterId, methodName, arg, effectiveCanisterId = canisterId }: RawCall,
): Promise<Uint8Array> {
  const answer = await agent.query(canisterId, { methodName, arg, effectiveCanisterId })
  if (answer.status === QueryResponseStatus.Replied) return answer.reply.arg
  throw RejectError.fromCode(
    new UncertifiedRejectErrorCode(answer.requestId, answer.reject_code, answer.reject_message, answer.error_code, answer.signatures),
  )
}

/** Sends an update call, waits for its end and returns the encoded reply, verified. @throws RejectError on a reject */
export async function updateRaw(
  agent: HttpAgent,
  { canisterId, methodName, arg, effectiveCanisterId = canisterId }: RawCall,
): Promise<Uint8Array> {
  const submitted = await agent.call(canisterId, { methodName, arg, effectiveCanisterId })
  const { body } = submitted.response
  if (isV2ResponseBody(body)) {
    throw RejectError.fromCode(
      new UncertifiedRejectUpdateErrorCode(submitted.requestId, body.reject_code, body.reject_message, body.error_code),
    )
  }
  if (isV3ResponseBody(body)) return readCertificate(agent, effectiveCanisterId, submitted, body.certificate)
  const { reply } = await pollForResponse(agent, effectiveCanisterId, submitted.requestId)
  return reply
}

async function readCertificate(
  agent: HttpAgent,
  canisterId: Principal,
  { requestId }: SubmitResponse,
  certificate: Uint8Array,
): Promise<Uint8Array> {
  if (agent.rootKey === null) throw new CliError({ what: 'The root key of the network is not known.' })
  const verified = await Certificate.create({ certificate, rootKey: agent.rootKey, canisterId, agent })
  const at = (label: string) => lookupResultToBuffer(verified.lookup_path(['request_status', requestId, label]))
  const text = (label: string) => new TextDecoder().decode(at(label) ?? new Uint8Array())
  const reply = at('reply')
  if (text('status') === 'replied' && reply !== undefined) return reply
  if (text('status') === 'rejected') {
    const rejectCode = at('reject_code')?.[0] ?? 0
    const errorCode = at('error_code') === undefined ? undefined : text('error_code')
    throw RejectError.fromCode(new CertifiedRejectErrorCode(requestId, rejectCode, text('reject_message'), errorCode))
  }
  throw new CliError({ what: 'The network does not know the outcome of the call any more.', why: `Its status is "${text('status')}".` })
}
