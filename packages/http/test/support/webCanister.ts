/** A canister that serves HTTP, in Candid, as compiled canisters do. */
import { IDL } from '@dfinity/candid'
import { Principal as DfinityPrincipal } from '@dfinity/principal'
import { Principal, RejectError } from '@tidemark/types'
import type { TestCanister } from './testReplica.ts'

export const webId = Principal.canister(11n)

export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: [string, string][]
  readonly body: Uint8Array
  readonly certificate_version?: [] | [number]
}

interface Answer {
  readonly status_code: number
  readonly headers: [string, string][]
  readonly body: Uint8Array
  readonly upgrade: [] | [boolean]
  readonly streaming_strategy: [] | [{ Callback: { callback: [DfinityPrincipal, string]; token: unknown } }]
}

const headers = IDL.Vec(IDL.Tuple(IDL.Text, IDL.Text))
const requestFields = { method: IDL.Text, url: IDL.Text, headers, body: IDL.Vec(IDL.Nat8) }
const queryRequest = IDL.Record({ ...requestFields, certificate_version: IDL.Opt(IDL.Nat16) })
const updateRequest = IDL.Record(requestFields)

// The token is the canister's own business: texts, big numbers, an option and a nested record, as asset canisters have it.
const tokenType = IDL.Record({ key: IDL.Text, index: IDL.Nat, sha256: IDL.Opt(IDL.Vec(IDL.Nat8)), more: IDL.Record({ chunk: IDL.Nat8 }) })
const streamingPart = IDL.Record({ body: IDL.Vec(IDL.Nat8), token: IDL.Opt(tokenType) })
const callback = IDL.Func([tokenType], [IDL.Opt(streamingPart)], ['query'])
const answerType = IDL.Record({
  status_code: IDL.Nat16,
  headers,
  body: IDL.Vec(IDL.Nat8),
  upgrade: IDL.Opt(IDL.Bool),
  streaming_strategy: IDL.Opt(IDL.Variant({ Callback: IDL.Record({ callback, token: tokenType }) })),
})

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const page = (body: string | Uint8Array, more: Partial<Answer> = {}): Answer => ({
  status_code: 200,
  headers: [['Content-Type', 'text/plain']],
  body: typeof body === 'string' ? bytes(body) : body,
  upgrade: [],
  streaming_strategy: [],
  ...more,
})

const token = (key: string, index: number): unknown => ({ key, index: BigInt(index), sha256: [Uint8Array.of(1, 2)], more: { chunk: 7 } })
const streamed = (key: string): Answer =>
  page('0;', {
    streaming_strategy: [{ Callback: { callback: [DfinityPrincipal.fromUint8Array(webId.bytes), 'next'], token: token(key, 1) } }],
  })

/** A body of ten bytes that the canister only gives four bytes at a time. */
function cut(request: SeenRequest, lie = false): Answer {
  const range = request.headers.find(([name]) => name.toLowerCase() === 'range')?.[1]
  const first = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0)
  const body = bytes('0123456789').slice(first, first + 4)
  const start = lie && first > 0 ? 0 : first
  return page(body, {
    status_code: 206,
    headers: [
      ['Content-Range', `bytes ${start}-${start + body.length - 1}/10`],
      ['Cache-Control', 'no-store'],
    ],
  })
}

function answer(request: SeenRequest): Answer {
  const { pathname } = new URL(request.url, 'http://canister')
  switch (pathname) {
    case '/upgrade':
      return page('', { upgrade: [true] })
    case '/short-stream':
      return streamed('2')
    case '/long-stream':
      return streamed('9')
    case '/endless-stream':
      return streamed('endless')
    case '/broken-stream':
      return streamed('broken')
    case '/cut':
      return cut(request)
    case '/cut-wrongly':
      return cut(request, true)
    case '/preflight':
      return page('', { headers: [['Access-Control-Allow-Methods', request.method === 'OPTIONS' ? 'BREW' : 'GET']] })
    case '/redirect':
      return page('', {
        status_code: 302,
        headers: [
          ['Location', '/there'],
          ['Set-Cookie', 'a=1'],
          ['Set-Cookie', 'b=2'],
          ['Transfer-Encoding', 'chunked'],
        ],
      })
    case '/not-modified':
      return page('', { status_code: 304 })
    case '/no-status':
      return page('', { status_code: 7 })
    case '/bad-header':
      return page('', { headers: [['not a name', 'x']] })
    case '/trap':
      throw new RejectError('CanisterCalledTrap', "Canister called `ic0.trap` with message: '<oops>'")
    case '/reject':
      throw new RejectError('CanisterRejectedMessage', 'no')
    case '/frozen':
      throw new RejectError('CanisterOutOfCycles', 'out of cycles')
    default:
      return page('hello')
  }
}

/** The canister; every request that reaches it is put into `seen`. */
export function createWebCanister(seen: SeenRequest[]): TestCanister {
  return {
    queries: {
      http_request: (arg) => {
        const [request] = IDL.decode([queryRequest], arg) as unknown as [SeenRequest]
        seen.push(request)
        if (request.url === '/nonsense') return bytes('nonsense')
        return IDL.encode([answerType], [answer(request)])
      },
      next: (arg) => {
        const [{ key, index, sha256, more }] = IDL.decode([tokenType], arg) as unknown as [
          { key: string; index: bigint; sha256: [Uint8Array]; more: { chunk: number } },
        ]
        if (sha256[0][1] !== 2 || more.chunk !== 7) throw new RejectError('CanisterCalledTrap', 'the token came back changed')
        if (key === 'broken') throw new RejectError('CanisterCalledTrap', 'no more')
        const last = key === String(index)
        return IDL.encode([IDL.Opt(streamingPart)], [[{ body: bytes(`${index};`), token: last ? [] : [token(key, Number(index) + 1)] }]])
      },
    },
    updates: {
      http_request_update: (arg) => {
        const [request] = IDL.decode([updateRequest], arg) as unknown as [SeenRequest]
        seen.push(request)
        return IDL.encode(
          [answerType],
          [page(`updated by ${request.method} with ${new TextDecoder().decode(request.body)}`, { status_code: 201 })],
        )
      },
    },
  }
}
