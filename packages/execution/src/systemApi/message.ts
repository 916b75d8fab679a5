/** What a message brings: argument, caller, reject, deadline, method name. @see Interface specification, "System imports". */
import { rejectCodeOf } from '@tidemark/types'
import { contractViolation } from '../trap.ts'
import { type SystemCallGroup, blobCalls, systemCall } from './systemCall.ts'

const nothing = new Uint8Array(0)
const encoder = new TextEncoder()

const argContexts = 'I U RQ NRQ TQ CQ Ry CRy F'
const infoContexts = 'U RQ NRQ CQ Ry Rt CRy CRt C CC F'

/** System calls that read the message being processed. */
export const messageCalls: SystemCallGroup = {
  ...blobCalls('msg_arg_data', 'payload', argContexts, ({ execution }) => execution.input.arg),
  ...blobCalls('msg_caller', 'id', '*', ({ execution }) => execution.input.caller.bytes),
  ...blobCalls('msg_caller_info_data', 'info', infoContexts, ({ execution }) => execution.input.senderInfo?.info ?? nothing),
  ...blobCalls('msg_caller_info_signer', 'id', infoContexts, ({ execution }) => execution.input.senderInfo?.signer.bytes ?? nothing),
  ...blobCalls('msg_reject_msg', 'msg', 'Rt CRt', ({ execution }) => encoder.encode(execution.input.reject?.message ?? '')),
  ...blobCalls('msg_method_name', 'payload', 'F', ({ execution }) => encoder.encode(execution.input.methodName ?? '')),
  msg_reject_code: systemCall('Ry Rt CRy CRt C', ({ execution }) => {
    const reject = execution.input.reject
    return reject === undefined ? 0 : (reject.code ?? rejectCodeOf(reject.errorCode))
  }),
  msg_deadline: systemCall('U RQ NRQ CQ Ry Rt CRy CRt', ({ execution }) => execution.input.deadlineNanos ?? 0n),
  accept_message: systemCall('F', ({ execution }) => {
    if (execution.acceptedMessage) throw contractViolation('ic0.accept_message: the function was already called.')
    execution.acceptedMessage = true
  }),
}
