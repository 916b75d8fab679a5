import { IDL } from '@dfinity/candid'
import { lowWasmMemoryHookTypes } from '@tidemark/bindings'
import { createCodec } from './candid/codec.ts'

const replies = createCodec(IDL.Vec(lowWasmMemoryHookTypes.Executed), [])

/** Replies above this size are not read: decoding them would cost the monitor more than they tell. */
const maxReplyBytes = 8_192

/**
 * Decodes what `get_executed_functions_order` answered.
 *
 * @throws {Error} when the reply is too large, or not of that type
 */
export function decodeOrder(reply: Uint8Array): lowWasmMemoryHookTypes.Executed[] {
  if (reply.length > maxReplyBytes) throw new Error(`The execution order takes ${reply.length} bytes; at most ${maxReplyBytes} are read.`)
  const order = replies.decode(reply)
  if (!isOrder(order)) throw new Error('get_executed_functions_order answered without a list.')
  return order
}

function isOrder(value: unknown): value is lowWasmMemoryHookTypes.Executed[] {
  return Array.isArray(value)
}
