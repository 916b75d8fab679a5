/** Calls of the management canister by a universal canister, which answers with what came back. */
import type { ManagementService } from '@tidemark/bindings'
import { type Principal, managementCanisterId } from '@tidemark/types'
import {
  type TestNetwork,
  decodeManagement,
  encodeManagement,
  expectReject,
  expectReply,
  program,
} from '../../../../../tests/support/index.ts'
import type { ArgOf, ReplyOf } from './network.ts'

type Methods = keyof ManagementService

const passReply = program().read('msg_arg_data').replyTop()
const passReject = program().read('msg_reject_msg').sys('msg_reject')

/** A program that makes the call and answers with its reply, or rejects with its reject. */
export function relay<M extends Methods>(method: M, arg: ArgOf<M>, cycles = 0n, onReply = passReply, onReject = passReject) {
  return program().call(managementCanisterId, method, encodeManagement(method, arg), { onReply, onReject, cycles }).op('drop')
}

/** What a canister gets for a call. */
export function ask<M extends Methods>(net: TestNetwork, caller: Principal, method: M, arg: ArgOf<M>, cycles = 0n): ReplyOf<M> {
  return decodeManagement(method, expectReply(net.update(caller, relay(method, arg, cycles))).bytes) as ReplyOf<M>
}

/** The text with which a call is rejected. */
export function refusal<M extends Methods>(net: TestNetwork, caller: Principal, method: M, arg: ArgOf<M>, cycles = 0n): string {
  return expectReject(net.update(caller, relay(method, arg, cycles)))
}
