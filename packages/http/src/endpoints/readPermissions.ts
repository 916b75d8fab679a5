/**
 * Who may read which path of the state tree.
 *
 * @see Interface specification, "Request: Read state", the rules per path.
 */
import { sha224 } from '@noble/hashes/sha2.js'
import { compareLabels } from '@tidemark/certification'
import { Principal, type ReplicaPort, toHex } from '@tidemark/types'
import type { Targets } from '../authenticate.ts'
import { HttpError } from '../httpError.ts'
import type { ApiRoute } from '../routes.ts'

type Path = readonly Uint8Array[]

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

export interface Reader {
  readonly route: ApiRoute
  readonly sender: Principal
  readonly targets: Targets
  readonly replica: ReplicaPort
}

/** @throws HttpError 400 malformed, 403 forbidden, 404 no path that anyone may read */
export function checkPaths(paths: readonly Path[], reader: Reader): void {
  const seen = new Map<string, string>()
  for (const path of paths) {
    expectOne(seen, path)
    checkPath(path, reader)
  }
}

const oneOnly: Readonly<Record<string, (first: string, second: string) => string>> = {
  request_status: (first, second) => `More than one non-unique request ID exists in request_status paths: ${first} and ${second}.`,
  canister_ranges: (first, second) => `More than one subnet exists in canister_ranges paths: ${first} and ${second}.`,
}

/** Some parts of the tree are read for one id at a time. */
function expectOne(seen: Map<string, string>, [top, id]: Path): void {
  const name = labelText(top)
  const words = Object.hasOwn(oneOnly, name) ? oneOnly[name] : undefined
  if (words === undefined || id === undefined) return
  const text = `0x${toHex(id)}`
  const first = seen.get(name)
  if (first !== undefined && first !== text) throw new HttpError(400, words(first, text))
  seen.set(name, text)
}

function checkPath(path: Path, reader: Reader): void {
  const [top, id, ...rest] = path
  switch (labelText(top)) {
    case 'time':
      return expectShape(path.length === 1)
    case 'api_boundary_nodes':
      return expectShape(path.length <= 2 || (path.length === 3 && ['domain', 'ipv4_address', 'ipv6_address'].includes(labelText(rest[0]))))
    case 'subnet':
      return id === undefined ? undefined : checkSubnetPath(id, rest, reader)
    case 'canister_ranges':
      return expectShape(path.length === 2 && reader.route.scope === 'subnet')
    case 'request_status':
      expectShape(id !== undefined && isStatusField(rest) && (reader.route.scope === 'canister' || reader.route.version === 3))
      return checkRequestStatus(id as Uint8Array, reader)
    case 'canister':
      expectShape(id !== undefined && reader.route.scope === 'canister')
      return checkCanisterPath(id as Uint8Array, rest, reader)
    default:
      return expectShape(false)
  }
}

function checkSubnetPath(id: Uint8Array, rest: Path, { route, replica }: Reader): void {
  const [field, , leaf] = rest
  switch (labelText(field)) {
    case '':
      return expectShape(rest.length === 0)
    case 'public_key':
    case 'type':
      return expectShape(rest.length === 1)
    case 'node':
      return expectShape(rest.length <= 2 || (rest.length === 3 && labelText(leaf) === 'public_key'))
    case 'canister_ranges':
      return expectShape(rest.length === 1 && (route.version === 2 || compareLabels(id, rootSubnetId(replica).bytes) === 0))
    case 'metrics':
      expectShape(rest.length === 1 && route.scope === 'subnet')
      return checkEffectiveId(parsePrincipal(id), route)
    default:
      return expectShape(false)
  }
}

const statusFields = ['status', 'reply', 'reject_code', 'reject_message', 'error_code']

function isStatusField(rest: Path): boolean {
  return rest.length === 0 || (rest.length === 1 && statusFields.includes(labelText(rest[0])))
}

function checkRequestStatus(requestId: Uint8Array, { route, sender, targets, replica }: Reader): void {
  if (requestId.length !== 32) {
    throw new HttpError(400, 'Invalid request id in paths. Maybe the request ID is not of 32 bytes in length?!')
  }
  const record = replica.ingressRecord(requestId)
  if (record === undefined) return
  if (!record.sender.equals(sender)) throw new HttpError(403, 'The user tries to access Request ID not signed by the caller.')
  if (!record.effectiveCanisterId.equals(route.id)) {
    throw new HttpError(403, 'The user tries to access Request ID for a different effective canister id.')
  }
  if (targets !== undefined && !targets.has(record.canisterId.key)) {
    throw new HttpError(403, 'The user tries to access request IDs for canisters not belonging to sender delegation targets.')
  }
}

const canisterFields = ['module_hash', 'controllers', 'canister_creation_timestamp', 'last_install_timestamp']

function checkCanisterPath(id: Uint8Array, rest: Path, { route, sender, replica }: Reader): void {
  const [field, section] = rest
  const isMetadata = labelText(field) === 'metadata' && rest.length === 2
  expectShape(isMetadata || (rest.length === 1 && canisterFields.includes(labelText(field))))
  const canisterId = parsePrincipal(id)
  checkEffectiveId(canisterId, route)
  if (!isMetadata) return
  const name = parseSectionName(section as Uint8Array)
  if (replica.metadataAccess(canisterId, name, sender) === 'denied') {
    throw new HttpError(403, `Custom section ${name.slice(0, 100)} can only be requested by the controllers of the canister.`)
  }
}

function checkEffectiveId(asked: Principal, { id }: ApiRoute): void {
  if (asked.equals(id)) return
  throw new HttpError(400, `Effective principal id in URL ${id.toText()} does not match requested principal id: ${asked.toText()}.`)
}

/** The subnet whose key everything verifies under: its ranges are part of every form of the tree. */
function rootSubnetId({ rootKey }: ReplicaPort): Principal {
  return Principal.selfAuthenticating(sha224(rootKey))
}

function parsePrincipal(label: Uint8Array): Principal {
  if (label.length > 29) throw new HttpError(400, 'Could not parse principal ID: it has more than 29 bytes.')
  return Principal.fromBytes(label)
}

function parseSectionName(label: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(label)
  } catch {
    throw new HttpError(400, 'Could not parse the custom section name: it is no UTF-8.')
  }
}

function expectShape(fits: boolean): void {
  if (!fits) throw new HttpError(404, 'Invalid path requested.')
}

/** Text of a label; labels are bytes, and what is no text equals none of the names. */
function labelText(label: Uint8Array | undefined): string {
  return label === undefined ? '' : utf8.decode(label)
}
