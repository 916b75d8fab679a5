/** The inspection of ingress messages. */
import { describe, expect, test } from 'vitest'
import {
  type Program,
  expectReject,
  expectReply,
  network,
  otherUser,
  program,
  universalCanister,
  user,
} from '../../../../tests/support/index.ts'

const wasm = universalCanister({ exports: ['inspect_message'] })
const net = network()

function inspecting(body: Program) {
  return net.install(wasm, program().setState('kept').on('inspect_message', body))
}

describe('a message is taken in or not', () => {
  test('accepted', () => {
    const id = inspecting(program().sys('accept_message'))
    expect(expectReply(net.update(id, program().reply('in'))).text).toBe('in')
  })

  test.each<[title: string, body: Program, reject: string]>([
    ['not accepted', program().int(1).op('drop'), 'IC0406 Canister rejected the message'],
    ['trapped', program().trap('no'), "IC0503 Error from Canister ID: Canister called `ic0.trap` with message: 'no'"],
    [
      'trapped after accepting',
      program().sys('accept_message').op('unreachable'),
      'IC0502 Error from Canister ID: Canister trapped: unreachable',
    ],
    [
      'accepted twice',
      program().sys('accept_message').sys('accept_message'),
      'IC0504 Error from Canister ID: Canister violated contract: ',
    ],
    [
      'too long',
      program().burn(40_000_000).sys('accept_message'),
      'IC0522 Error from Canister ID: Canister exceeded the limit of 200000000 instructions',
    ],
    [
      'answering',
      program().reply('no'),
      'IC0504 Error from Canister ID: Canister violated contract: "ic0_msg_reply_data_append" cannot be executed in inspect message mode',
    ],
  ])('%s', (_, body, reject) => {
    const id = inspecting(body)
    const before = net.balance(id)
    const sent = net.submit(id, 'update', program().reply())
    expect(sent).toHaveProperty('message')
    expect(expectReject(net.update(id, program().reply())).startsWith(reject.replace('ID', id.toText()))).toBe(true)
    expect(net.balance(id)).toBe(before)
  })
})

test('sees method, caller and argument', () => {
  const caller = program().read('msg_caller').op('nip').int(user.bytes.length).op('eq')
  const ok = program().sys('accept_message')
  const id = inspecting(
    program()
      .sys('msg_method_name_size')
      .int('update'.length)
      .op('eq')
      .when(caller.when(program().sys('msg_arg_data_size').int(1000).op('less').when(ok))),
  )
  expect(expectReply(net.update(id, program().reply('in'))).text).toBe('in')
  expect(expectReject(net.update(id, new Uint8Array(2000)))).toBe('IC0406 Canister rejected the message')
})

test('leaves nothing behind', () => {
  const id = inspecting(program().setState('inspected').sys('accept_message'))
  net.update(id, program().reply())
  expect(net.state(id)).toBe('kept')
})

test('is not asked for calls of canisters, nor for queries', () => {
  const id = inspecting(program())
  const caller = net.install(universalCanister())
  const reply = program().callUpdate(id, program().reply('let in'), { onReply: program().read('msg_arg_data').replyTop() })
  expect(expectReply(net.update(caller, reply, { sender: otherUser })).text).toBe('let in')
  expect(expectReply(net.query(id, program().reply('asked'))).text).toBe('asked')
})
