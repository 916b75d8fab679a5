/**
 * Certified reads of the state tree.
 *
 * @see Interface specification, "Request: Read state".
 */
import { text } from '@tidemark/certification'
import { authenticate } from '../authenticate.ts'
import { type ApiAnswer, cborAnswer } from '../apiMessages.ts'
import { type EndpointContext, authenticationOf } from '../context.ts'
import { type Envelope, parseReadStateEnvelope, type ReadStateContent } from '../envelope.ts'
import { HttpError } from '../httpError.ts'
import type { HttpLimits } from '../limits.ts'
import { type ApiRoute, rangesOf } from '../routes.ts'
import { asRefusal } from './malformed.ts'
import { checkPaths } from './readPermissions.ts'

export async function answerReadState(body: Uint8Array, route: ApiRoute, context: EndpointContext): Promise<ApiAnswer> {
  const { replica, limits } = context
  const envelope = readEnvelope(body)
  const { paths, sender } = envelope.content
  checkCounts(paths, limits)
  const targets = await authenticate(envelope, authenticationOf(context))
  checkPaths(paths, { route, sender, targets, replica })
  return cborAnswer({ certificate: replica.certificate([[text('time')], ...paths], rangesOf(route)) })
}

function readEnvelope(body: Uint8Array): Envelope<ReadStateContent> {
  try {
    return parseReadStateEnvelope(body)
  } catch (error) {
    throw asRefusal(error, 'read_state')
  }
}

function checkCounts(paths: ReadStateContent['paths'], { pathsMax, labelsMax }: HttpLimits): void {
  if (paths.length > pathsMax) {
    throw new HttpError(400, `Too many paths in read state request: got ${paths.length} paths, but at most ${pathsMax} are allowed.`)
  }
  const longest = Math.max(0, ...paths.map((path) => path.length))
  if (longest > labelsMax) {
    throw new HttpError(
      400,
      `At least one path in read state request is too deep: got ${longest} labels, but at most ${labelsMax} are allowed.`,
    )
  }
}
