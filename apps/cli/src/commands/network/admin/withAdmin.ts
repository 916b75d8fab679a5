/** A client for the administration of the project's local network, and words for what it refuses. */
import { type AdminClient, AdminError, type AdminErrorCode, createAdminClient } from '@tidemark/admin'
import { readAdminAccess } from '../../../admin/accessFile.ts'
import { CliError, messageOf } from '../../../output/cliError.ts'
import type { Terminal } from '../../../output/terminal.ts'
import { findProject } from '../../../project/dfxJson.ts'

const remedies: Partial<Record<AdminErrorCode, string>> = {
  unauthorized: 'The network was started anew in the meantime: run the command again.',
  snapshot_unknown: 'List them: tidemark network snapshot list',
  snapshot_exists: 'Choose another name, or pass --replace.',
  network_failed: 'Look at what `tidemark start` printed, then start it again.',
}

/** @throws CliError when no network of the project runs, or the administration refuses */
export async function withAdmin<Result>(terminal: Terminal, work: (admin: AdminClient) => Promise<Result>): Promise<Result> {
  const access = readAdminAccess(findProject(terminal.cwd)?.root ?? terminal.cwd)
  if (access === undefined) throw notRunning()
  try {
    return await work(createAdminClient(access))
  } catch (error) {
    if (error instanceof AdminError) {
      const remedy = remedies[error.code]
      throw new CliError({ what: error.message, ...(remedy === undefined ? {} : { remedy }) })
    }
    // What fetch says when nobody listens, or the connection broke.
    if (error instanceof TypeError) throw notRunning(messageOf(error.cause ?? error))
    throw error
  }
}

function notRunning(why?: string): CliError {
  const remedy = 'Start one: tidemark start'
  return new CliError({ what: 'No local network of this project is running.', remedy, ...(why === undefined ? {} : { why }) })
}
