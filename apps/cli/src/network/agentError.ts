/** Errors of the agent in words for the user: the protocol's code and text, without the agent's call traces. */
import {
  AgentError,
  CertifiedRejectErrorCode,
  HttpErrorCode,
  UncertifiedRejectErrorCode,
  UncertifiedRejectUpdateErrorCode,
} from '@dfinity/agent'
import { CliError } from '../output/cliError.ts'

/** What a canister or the network answered instead of a reply. */
interface RejectDetails {
  readonly rejectCode: number
  readonly message: string
  /** For example `IC0503`. */
  readonly errorCode: string | undefined
}

const rejectNames: Readonly<Record<number, string>> = {
  1: 'fatal system error',
  2: 'temporary system error, worth another try',
  3: 'invalid destination',
  4: 'the canister rejected the message',
  5: 'the canister failed',
  6: 'outcome unknown',
}

/** The reject that an agent's error stands for; undefined when it stands for something else. */
function rejectOf(error: unknown): RejectDetails | undefined {
  if (!(error instanceof AgentError)) return undefined
  const code = error.cause.code
  const isReject =
    code instanceof CertifiedRejectErrorCode ||
    code instanceof UncertifiedRejectErrorCode ||
    code instanceof UncertifiedRejectUpdateErrorCode
  return isReject ? { rejectCode: code.rejectCode, message: code.rejectMessage, errorCode: code.rejectErrorCode } : undefined
}

/** An agent's error as something to print; undefined when it is no such error. */
export function explainAgentError(error: unknown): CliError | undefined {
  const reject = rejectOf(error)
  if (reject !== undefined) {
    const code = `reject code ${reject.rejectCode} (${rejectNames[reject.rejectCode] ?? 'unknown'})`
    const suffix = reject.errorCode === undefined ? '' : `, error code ${reject.errorCode}`
    return new CliError({ what: `The network answered with ${code}${suffix}:`, why: reject.message, ...remedyOf(reject) })
  }
  if (error instanceof AgentError && error.cause.code instanceof HttpErrorCode) {
    const { status, statusText, bodyText } = error.cause.code
    return new CliError({
      what: `The network refused the request: HTTP ${status} ${statusText}`,
      ...(bodyText === undefined ? {} : { why: bodyText }),
    })
  }
  if (error instanceof AgentError) return new CliError({ what: error.cause.code.toErrorMessage() })
  return undefined
}

function remedyOf(reject: RejectDetails): { remedy?: string } {
  switch (reject.errorCode) {
    case 'IC0301':
      return { remedy: 'If the network was restarted, its canisters are gone: run `tidemark deploy` again.' }
    case 'IC0508':
    case 'IC0509':
      return { remedy: 'Start it with `tidemark canister start <name>`.' }
    case 'IC0512':
    case 'IC0542':
      return { remedy: 'Use the identity of a controller (`--identity`), or ask a controller to add you.' }
    case 'IC0537':
      return { remedy: 'Install code first: `tidemark deploy <name>`.' }
    case 'IC0539':
      return {
        remedy: 'Raise the limit with `tidemark canister update-settings <name> --wasm-memory-limit <bytes>`, or install a smaller module.',
      }
    default:
      return {}
  }
}
