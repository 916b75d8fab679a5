/** Instances with lifecycle hooks that the protocol does not have: one by its configuration, or all of a server. */
import { IDL } from '@dfinity/candid'
import { expect, test } from 'vitest'
import { managementCanisterId } from '@tidemark/types'
import { candid, encodeManagement, program } from '../../../tests/support/index.ts'
import { createPocketIcApi } from '../src/index.ts'
import { parseInstanceConfig } from '../src/instance/config.ts'
import { parseFlags } from '../src/process/flags.ts'
import type { JsonValue } from '../src/wire/json.ts'
import { applicationSubnet, base64, createClient, createFixture, replyOf } from './support/client.ts'

const observer = {
  onDebugPrint: () => {},
  onFailure: (error: unknown) => {
    throw error
  },
}
const set = { subnet_config_set: { application: [applicationSubnet] } }

test.each([
  ['off when nobody asks', {}, false, false],
  ['on when the configuration asks', { experimental_hooks: true }, false, true],
  ['on when the server has them', {}, true, true],
  ['off when the configuration says so', { experimental_hooks: false }, true, false],
  ['off when the configuration leaves it open', { experimental_hooks: null }, false, false],
])('%s', (_, fields, server, expected) => {
  const config = parseInstanceConfig({ ...set, ...fields }, { experimentalHooks: server })
  expect(config.experimentalHooks).toBe(expected)
})

test('a server started with the flag gives them to its instances', async () => {
  expect(parseFlags(['--experimental-hooks']).experimentalHooks).toBe(true)
  expect(parseFlags([]).experimentalHooks).toBe(false)
  const api = createPocketIcApi({ ...observer, systemModules: async () => new Map(), experimentalHooks: true })
  const response = await api.answer(new Request('http://server/instances', { method: 'POST', body: JSON.stringify(set) }))
  expect(response.status).toBe(201)
  await api.close()
})

const statusType = IDL.Record({ lifecycle_hooks: IDL.Opt(IDL.Record({})) })

test.each([true, false])('the status of a canister tells of hooks where they are on: %s', async (on) => {
  const client = createClient()
  const { path, canisterId, call } = await createFixture(client, program(), { experimental_hooks: on })
  const argument = encodeManagement('canister_status', { canister_id: candid(canisterId) })
  const asked = call('canister_status', argument, { canister_id: base64(managementCanisterId.bytes) })
  const submitted = await client.post(`${path}/update/submit_ingress_message`, asked)
  const reply = replyOf(await client.post(`${path}/update/await_ingress_message`, (submitted.body as { Ok: JsonValue }).Ok))
  expect(IDL.decode([statusType], reply)).toEqual([{ lifecycle_hooks: on ? [{}] : [] }])
  await client.close()
})
