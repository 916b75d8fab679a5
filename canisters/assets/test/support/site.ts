import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import { assets as binding, type AssetsService, type assetsTypes } from '@tidemark/bindings'
import { createBlsKey, createCertificate, encodeUnsignedLeb128, leaf, node, text, witness } from '@tidemark/certification'
import { compileCanister } from './compile.ts'
import { createHost, type Host } from './host.ts'

export const controller = Principal.fromUint8Array(Uint8Array.of(1, 1))
export const developer = Principal.fromUint8Array(Uint8Array.of(2, 2))
export const stranger = Principal.anonymous()
export const canisterId = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai')
/** A moment in 2026, in nanoseconds. */
export const timeNanos = 1_790_000_000_000_000_000n

const key = createBlsKey(new Uint8Array(32).fill(7))
export const rootKey = key.publicKeyDer

/** The compiled canister. */
export const canister = await compileCanister()

/** What a subnet would answer a query with: a signed certificate over the certified data of one canister. */
function certify(certifiedData: Uint8Array): Uint8Array {
  const canisterTree = node([[text('certified_data'), leaf(certifiedData)]])
  const tree = node([
    [text('canister'), node([[canisterId.toUint8Array(), canisterTree]])],
    [text('time'), leaf(encodeUnsignedLeb128(timeNanos))],
  ])
  const paths = [[text('canister'), canisterId.toUint8Array(), text('certified_data')], [text('time')]]
  return createCertificate({ witness: witness(tree, paths), key })
}

type Arguments<Method extends keyof AssetsService> = Parameters<AssetsService[Method]>
type Result<Method extends keyof AssetsService> = Awaited<ReturnType<AssetsService[Method]>>

/** An installed asset canister and typed calls to it. */
export interface Site {
  readonly host: Host
  call<Method extends keyof AssetsService>(method: Method, ...args: Arguments<Method>): Result<Method>
  as(caller: Principal): Site
  upgrade(args?: assetsTypes.AssetCanisterArgs): void
}

/** Installs the canister as `controller`, with that principal in charge. */
export function createSite(args?: assetsTypes.AssetCanisterArgs): Site {
  const host = createHost(canister.wasm, {
    caller: controller.toUint8Array(),
    controllers: [controller.toUint8Array()],
    self: canisterId.toUint8Array(),
    timeNanos,
    rootKey,
    environment: [],
    certify,
  })
  const service = binding.idlFactory({ IDL })
  const initArgument = (value?: assetsTypes.AssetCanisterArgs): Uint8Array =>
    value === undefined ? IDL.encode([], []) : IDL.encode(binding.init({ IDL }), [[value]])
  host.install(initArgument(args))

  const siteOf = (caller: Principal): Site => ({
    host,
    call(method, ...values) {
      const type = service._fields.find(([name]) => name === method)?.[1]
      if (type === undefined) throw new Error(`the interface has no ${method}`)
      host.world.caller = caller.toUint8Array()
      const send = type.annotations.includes('query') ? host.query : host.update
      return IDL.decode(type.retTypes, send(method, IDL.encode(type.argTypes, values)))[0] as never
    },
    as: siteOf,
    upgrade(value) {
      host.world.caller = controller.toUint8Array()
      host.upgrade(initArgument(value))
    },
  })
  return siteOf(controller)
}

export interface Upload {
  readonly key: string
  readonly contentType?: string
  readonly contents: Readonly<Record<string, readonly string[]>>
  readonly maxAge?: bigint
  readonly headers?: [string, string][]
  readonly aliasing?: boolean
  readonly rawAccess?: boolean
}

/** Uploads assets as the command lines do: a batch, chunks, the operations under batch 0, the closing call. */
export function upload(site: Site, ...uploads: Upload[]): void {
  const { batch_id } = site.call('create_batch', {})
  const operations = uploads.flatMap((asset): assetsTypes.BatchOperationKind[] => {
    const create = {
      key: asset.key,
      content_type: asset.contentType ?? 'text/html',
      max_age: optional(asset.maxAge),
      headers: optional(asset.headers),
      enable_aliasing: optional(asset.aliasing),
      allow_raw_access: optional(asset.rawAccess),
    }
    const contents = Object.entries(asset.contents).map(([content_encoding, parts]) => {
      const { chunk_ids } = site.call('create_chunks', { batch_id, content: parts.map((part) => text(part)) })
      return {
        SetAssetContent: {
          key: asset.key,
          content_encoding,
          chunk_ids,
          last_chunk: optional<Uint8Array>(),
          sha256: optional<Uint8Array>(),
        },
      }
    })
    return [{ CreateAsset: create }, ...contents]
  })
  site.call('commit_batch', { batch_id: 0n, operations })
  site.call('commit_batch', { batch_id, operations: [] })
}

/** Candid's optional value. */
export function optional<T>(value?: T): [] | [T] {
  return value === undefined ? [] : [value]
}

export interface Answer {
  readonly status: number
  readonly headers: [string, string][]
  readonly body: string
  readonly response: assetsTypes.HttpResponse
}

/** Sends an HTTP request as a gateway does. */
export function get(site: Site, url: string, headers: Record<string, string> = {}): Answer {
  const response = site.as(stranger).call('http_request', requestOf(url, headers))
  return {
    status: response.status_code,
    headers: response.headers,
    body: new TextDecoder().decode(Uint8Array.from(response.body)),
    response,
  }
}

/** The value of a response header, by lower-case name. */
export const headerOf = (answer: Answer, name: string): string | undefined =>
  answer.headers.find(([key_]) => key_.toLowerCase() === name)?.[1]

function requestOf(url: string, headers: Record<string, string>): assetsTypes.HttpRequest {
  return {
    method: 'GET',
    url,
    headers: Object.entries({ host: `${canisterId.toText()}.localhost`, ...headers }),
    body: new Uint8Array(),
    certificate_version: [2],
  }
}
