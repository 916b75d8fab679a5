/** Answers of a canister with their proof, made as certification libraries make them. */
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import {
  createBlsKey,
  createCertificate,
  digest,
  encodeHashTree,
  encodeSelfDescribed,
  encodeUnsignedLeb128,
  hashOfFields,
  type LabeledTree,
  leaf,
  node,
  text,
  witness,
} from '@tidemark/certification'
import { Principal } from '@tidemark/types'

const key = createBlsKey(text('network of answers'))
export const rootKey = key.publicKeyDer
export const siteId = Principal.canister(21n)
/** A moment in 2026, nanoseconds since 1970. */
export const certifiedAtNanos = 1_790_000_000_000_000_000n

export interface SiteRequest {
  readonly method: string
  readonly url: string
  readonly headers: [string, string][]
  readonly body: Uint8Array
}

export interface SiteAnswer {
  readonly status: number
  readonly headers: [string, string][]
  readonly body: Uint8Array
}

export const request = (url: string, more: Partial<SiteRequest> = {}): SiteRequest => ({
  method: 'GET',
  url,
  headers: [['host', 'site.localhost']],
  body: new Uint8Array(),
  ...more,
})

/** Base64, and the protocol's colons around it. */
const field = (bytes: Uint8Array): string => `:${btoa(String.fromCharCode(...bytes))}:`

/** Certificate (CBOR) over some certified data. */
export function certificateOver(certifiedData: Uint8Array, timeNanos = certifiedAtNanos, canisterId = siteId): Uint8Array {
  const tree = node([
    [text('canister'), node([[canisterId.bytes, node([[text('certified_data'), leaf(certifiedData)]])]])],
    [text('time'), leaf(encodeUnsignedLeb128(timeNanos))],
  ])
  return createCertificate({ witness: witness(tree, [[text('canister')], [text('time')]]), key })
}

/** A tree with a leaf (empty unless given) at the end of each path; labels as texts or bytes. */
export function treeOf(paths: readonly (readonly (string | Uint8Array)[])[], value: Uint8Array = new Uint8Array()): LabeledTree {
  const bytesOf = (label: string | Uint8Array): Uint8Array => (typeof label === 'string' ? text(label) : label)
  const root: Branch = new Map()
  for (const path of paths) {
    let at = root
    for (const label of path) {
      const id = bytesOf(label).join(',')
      const child = at.get(id) ?? { label: bytesOf(label), branch: new Map() }
      at.set(id, child)
      at = child.branch
    }
  }
  const built = (branch: Branch): LabeledTree =>
    branch.size === 0 ? leaf(value) : node(Array.from(branch.values(), (child) => [child.label, built(child.branch)] as const))
  return built(root)
}

type Branch = Map<string, { readonly label: Uint8Array; readonly branch: Branch }>

export interface Proof {
  readonly tree: LabeledTree
  /** What the witness reveals; everything when left out. */
  readonly shown?: readonly (readonly Uint8Array[])[]
  readonly path?: readonly string[]
  readonly version?: number
  readonly certificate?: Uint8Array
}

/** Value of the header IC-Certificate. */
export function certificateHeader({ tree, shown, path, version, certificate = certificateOver(digest(tree)) }: Proof): string {
  const parts = [
    `certificate=${field(certificate)}`,
    `tree=${field(encodeHashTree(witness(tree, shown ?? [[]]), { selfDescribed: true }))}`,
  ]
  if (path !== undefined) parts.push(`expr_path=${field(encodeSelfDescribed(path))}`)
  if (version !== undefined) parts.push(`version=${version}`)
  return parts.join(', ')
}

export const skipExpression = 'default_certification(ValidationArgs{no_certification:Empty{}})'
export const responseExpression = (headers: readonly string[], property = 'certified_response_headers'): string =>
  `default_certification(ValidationArgs{certification:Certification{no_request_certification:Empty{},response_certification:ResponseCertification{${property}:ResponseHeaderList{headers:${JSON.stringify(headers)}}}}})`
export const fullExpression = (requestHeaders: readonly string[], parameters: readonly string[], headers: readonly string[]): string =>
  `default_certification(ValidationArgs{certification:Certification{request_certification:RequestCertification{certified_request_headers:${JSON.stringify(requestHeaders)},certified_query_parameters:${JSON.stringify(parameters)}},response_certification:ResponseCertification{certified_response_headers:ResponseHeaderList{headers:${JSON.stringify(headers)}}}}})`

/** Hash of an answer whose certified headers (lower-case, with the expression) are given. */
export function answerHash(status: number, headers: readonly [string, string][], body: Uint8Array): Uint8Array {
  return sha256(concatBytes(hashOfFields([...headers, [':ic-cert-status', status]]), sha256(body)))
}

export interface Certified {
  readonly path: readonly string[]
  readonly expression: string
  readonly status?: number
  readonly headers?: [string, string][]
  /** Names, in lower case, of the headers that the expression certifies. */
  readonly certifiedNames?: readonly string[]
  readonly body?: string
  /** Hash of the request that the answer belongs to; none for any request. */
  readonly requestHash?: Uint8Array
  /** Paths that stand in the tree beside that of the answer. */
  readonly others?: readonly (readonly string[])[]
  readonly shown?: Proof['shown']
}

/** An answer certified by version 2, with its headers. */
export function certifiedAnswer(parts: Certified): SiteAnswer {
  const { path, expression, status = 200, headers = [], certifiedNames = [], requestHash = new Uint8Array(), others = [] } = parts
  const body = text(parts.body ?? 'content')
  const certified = [...headers, ['IC-CertificateExpression', expression] as [string, string]]
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(([name]) => name === 'ic-certificateexpression' || certifiedNames.includes(name))
  const end = expression === skipExpression ? [] : [requestHash, answerHash(status, certified, body)]
  const tree = treeOf([[...path, sha256(text(expression)), ...end], ...others])
  const proof = certificateHeader({ tree, path, version: 2, ...(parts.shown && { shown: parts.shown }) })
  return { status, body, headers: [...headers, ['IC-CertificateExpression', expression], ['IC-Certificate', proof]] }
}
