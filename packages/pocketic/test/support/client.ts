/** A client that speaks the protocol without a library, to a server in this process. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildCanister } from '@tidemark/build'
import { managementCanisterId, Principal } from '@tidemark/types'
import { candid, decodeManagement, encodeManagement, type Program, program, universalCanister } from '../../../../tests/support/index.ts'
import { formatDebugPrint, createPocketIcApi } from '../../src/index.ts'
import { parseJson, printJson, type JsonValue } from '../../src/wire/json.ts'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

export interface Client {
  get(path: string): Promise<Answer>
  /** Sends a value as JSON, or a text as it is. */
  post(path: string, body?: JsonValue): Promise<Answer>
  request(path: string, init: RequestInit): Promise<Response>
  /** Lines that canisters printed. */
  readonly printed: string[]
  close(): Promise<void>
}

export const applicationSubnet = {
  state_config: 'New',
  instruction_config: 'Production',
  dts_flag: 'Enabled',
} as const

const root = join(import.meta.dirname, '..', '..', '..', '..')

async function builtModules(names: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const built = await Promise.all(names.map((name) => buildCanister({ root, name })))
  return new Map(await Promise.all(built.map(async ({ name, wasmPath }) => [name, new Uint8Array(await readFile(wasmPath))] as const)))
}

export function createClient(): Client {
  const printed: string[] = []
  const failures: unknown[] = []
  const api = createPocketIcApi({
    onDebugPrint: (print) => printed.push(formatDebugPrint(print)),
    onFailure: (error) => failures.push(error),
    systemModules: builtModules,
  })
  const request = async (path: string, init: RequestInit): Promise<Response> => {
    const response = await api.answer(new Request(`http://server${path}`, init))
    if (failures.length > 0) throw failures[0]
    return response
  }
  const answer = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await request(path, init)
    const text = await response.text()
    const isJson = response.headers.get('content-type') === 'application/json'
    return { status: response.status, body: isJson ? parseJson(text) : text }
  }
  return {
    get: (path) => answer(path, { method: 'GET' }),
    post: (path, body) =>
      answer(path, { method: 'POST', ...(body === undefined ? {} : { body: typeof body === 'string' ? body : printJson(body) }) }),
    request,
    printed,
    close: () => api.close(),
  }
}

export function base64(bytes: Uint8Array | string): string {
  return Buffer.from(bytes).toString('base64')
}

/** Body of a successful call. */
export function replyOf({ status, body }: Answer): Uint8Array {
  if (status !== 200 || typeof body !== 'object' || body === null || !('Ok' in body))
    throw new Error(`no reply: ${status} ${String(body && printJson(body as JsonValue))}`)
  return Uint8Array.from(Buffer.from(String(body.Ok), 'base64'))
}

/** An instance of one application subnet, with one canister. */
export interface Fixture {
  /** Path of the instance. */
  readonly path: string
  readonly canisterId: Principal
  /** The call object that clients send; members can be replaced. */
  call(method: string, payload: Uint8Array, members?: Readonly<Record<string, JsonValue>>): JsonValue
  update(body: Program): Promise<Uint8Array>
  query(body: Program): Promise<Uint8Array>
  /** Calls a method of the management canister about the canister, as its controller. @returns the decoded reply */
  manage(method: string, argument?: object): Promise<unknown>
}

/** @param fields - of the configuration, besides the subnet */
export async function createInstance(client: Client, fields: Readonly<Record<string, JsonValue>> = {}): Promise<string> {
  const { status, body } = await client.post('/instances', { subnet_config_set: { application: [applicationSubnet] }, ...fields })
  if (status !== 201) throw new Error(`no instance: ${status}`)
  return `/instances/${(body as { Created: { instance_id: number } }).Created.instance_id}`
}

export async function createFixture(client: Client, init = program(), fields: Readonly<Record<string, JsonValue>> = {}): Promise<Fixture> {
  const path = await createInstance(client, fields)
  const callOf = (canisterId: Principal, method: string, payload: Uint8Array) => ({
    sender: 'BA==',
    canister_id: base64(canisterId.bytes),
    effective_principal: 'None',
    method,
    payload: base64(payload),
  })
  const run = async (call: JsonValue): Promise<Uint8Array> => {
    const submitted = await client.post(`${path}/update/submit_ingress_message`, call)
    return replyOf(await client.post(`${path}/update/await_ingress_message`, (submitted.body as { Ok: JsonValue }).Ok))
  }
  const manage = (method: string, argument: unknown) => run(callOf(managementCanisterId, method, encodeManagement(method, argument)))
  const created = decodeManagement(
    'provisional_create_canister_with_cycles',
    await manage('provisional_create_canister_with_cycles', {
      amount: [10n ** 18n],
      settings: [],
      specified_id: [],
      sender_canister_version: [],
    }),
  ) as { canister_id: { toUint8Array(): Uint8Array } }
  const canisterId = Principal.fromBytes(created.canister_id.toUint8Array())
  await manage('install_code', {
    mode: { install: null },
    canister_id: candid(canisterId),
    wasm_module: universalCanister(),
    arg: init.bytes(),
    sender_canister_version: [],
  })
  return {
    path,
    canisterId,
    call: (method, payload, members) => ({ ...callOf(canisterId, method, payload), ...members }),
    update: (body) => run(callOf(canisterId, 'update', body.bytes())),
    manage: async (method, argument) => decodeManagement(method, await manage(method, { canister_id: candid(canisterId), ...argument })),
    query: async (body) => replyOf(await client.post(`${path}/read/query`, callOf(canisterId, 'query', body.bytes()))),
  }
}
