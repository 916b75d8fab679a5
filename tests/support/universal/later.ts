import { managementCanisterId } from '@tidemark/types'
import { type Program, program } from './program.ts'

const noArguments = Uint8Array.of(0x44, 0x49, 0x44, 0x4c, 0, 0)

/** Goes on with a program that many rounds later: randomness is always answered in the next round. */
export function later(rounds: number, body: Program): Program {
  const onReply = rounds > 1 ? later(rounds - 1, body) : body
  return program().call(managementCanisterId, 'raw_rand', noArguments, { onReply }).op('drop')
}
