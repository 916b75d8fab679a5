/**
 * Where in the tree an answer must stand: at the exact path of the request, else at the closest wildcard, with proof that
 * nothing closer is there.
 *
 * @see HTTP gateway protocol specification, "Certification path" and "Expression path".
 */
import { type HashTree, lookupSubtree, text } from '@tidemark/certification'
import { VerificationError } from './verificationError.ts'

type Path = readonly string[]

const prefix = 'http_expr'
const exact = '<$>'
const wildcard = '<*>'

/** @throws VerificationError when the path is not the one that must answer the request */
export function checkExpressionPath(path: Path, requestPath: string, tree: HashTree): void {
  const provided = `The expression path provided by the "IC-Certificate" response header (${shown(path)})`
  if (path[0] !== prefix) throw new VerificationError(`${provided} has an unexpected prefix and should start with "${prefix}"`)
  const end = path.at(-1)
  if (end !== exact && end !== wildcard) {
    throw new VerificationError(`${provided} has an unexpected suffix and should end with "${exact}" or "${wildcard}"`)
  }
  const segments = segmentsOf(requestPath)
  const wanted = [prefix, ...segments, exact]
  const found = lookupSubtree(path.map(text), tree).status === 'found'
  if (isSame(path, wanted)) {
    if (found) return
    throw new VerificationError(
      `The exact expression path provided by the "IC-Certificate" response header (${shown(path)}) was not found in the tree`,
    )
  }
  if (end === exact) throw new VerificationError(`The exact ${rest(provided)} is not valid for the request path (${shown(wanted)})`)
  if (mayExist(wanted, tree)) {
    throw new VerificationError(
      `A wildcard ${rest(provided)} was given, but the exact expression path (${shown(wanted)}) is valid for the request path (${requestPath}) and might exist in the tree`,
    )
  }
  const places = path.slice(1, -1)
  if (!covers(places, segments))
    throw new VerificationError(`The wildcard ${rest(provided)} is not valid for the request path (${requestPath})`)
  for (const closer of closerWildcards(segments, places)) {
    if (!mayExist(closer, tree)) continue
    throw new VerificationError(
      `A more specific wildcard expression path (${shown(closer)}) than the one provided by the "IC-Certificate" response header (${shown(path)}) that is valid for the request path (${requestPath}) might exist in the tree`,
    )
  }
  if (found) return
  throw new VerificationError(
    `The wildcard ${rest(provided)} is valid for the request path (${requestPath}), but was not found in the tree`,
  )
}

/** Segments of a decoded path; an empty one at the end tells a folder from a file. */
function segmentsOf(requestPath: string): string[] {
  const segments = requestPath.split('/').filter((segment) => segment !== '')
  return requestPath.endsWith('/') ? [...segments, ''] : segments
}

/** Whether a wildcard at these places may answer the request; `/a/` and `/a` both cover what is below. */
function covers(places: Path, segments: Path): boolean {
  const folder = places.at(-1) === '' ? places.slice(0, -1) : places
  return begins(segments, places) || begins(segments, folder)
}

/** Every wildcard between the request and the places, from the closest; each level also as a folder. */
function* closerWildcards(segments: Path, places: Path): Generator<Path> {
  let at = [...segments]
  while (at.length > places.length || at.at(-1) !== places.at(-1)) {
    yield [prefix, ...at, wildcard]
    const folder = at.at(-1) === ''
    at = at.slice(0, -1)
    if (!folder) at.push('')
  }
}

function mayExist(path: Path, tree: HashTree): boolean {
  return lookupSubtree(path.map(text), tree).status !== 'absent'
}

function begins(whole: Path, start: Path): boolean {
  return start.length <= whole.length && start.every((segment, i) => segment === whole[i])
}

function isSame(a: Path, b: Path): boolean {
  return a.length === b.length && begins(a, b)
}

function shown(path: Path): string {
  return `[${path.map((segment) => JSON.stringify(segment)).join(', ')}]`
}

function rest(sentence: string): string {
  return sentence.slice('The '.length)
}
