/** The state of a local network in a folder: what the network before has left there, and what this one will leave. */
import type { Network } from '@tidemark/network'
import type { Replica } from '@tidemark/replica'
import { FolderInUseError, StateFolder, StorageError } from '@tidemark/storage'
import { CliError, messageOf } from '../output/cliError.ts'
import { writeRemedy } from '../project/files.ts'

/** How long after a call the state is saved, milliseconds: calls that come together are saved together. */
const saveDelayMillis = 10_000

/** A network whose state is kept. */
export interface KeptState {
  /** Whether the network goes on from the state of one before. */
  readonly isResumed: boolean
  /** Somebody has called a canister: in a while the state is saved, so that a crash loses no more than that while. */
  noteCall(): void
  /** Keeps the state as it is; call it between rounds. @throws CliError when it cannot be written: the one before is still there */
  save(): void
  /** Saves no more, and lets another process have the folder. */
  close(): void
}

/**
 * Brings a fresh network to the state in a folder, if there is one.
 *
 * @param onFailure - hears of a save in between that failed
 * @throws CliError when another process uses the folder, or its state is damaged, of another version or of other subnets
 */
export function keepState(path: string, network: Replica | Network, onFailure: (error: unknown) => void): KeptState {
  const folder = opened(path)
  try {
    const kept = folder.load()
    if (kept !== undefined) network.importState(kept.state)
    let timer: NodeJS.Timeout | undefined
    let isOpen = true
    const saveQuietly = (): void => {
      timer = undefined
      try {
        save(folder, network)
      } catch (error) {
        onFailure(error)
      }
    }
    return {
      isResumed: kept !== undefined,
      noteCall: () => {
        if (isOpen) timer ??= setTimeout(saveQuietly, saveDelayMillis)
      },
      save: () => save(folder, network),
      close: () => {
        isOpen = false
        clearTimeout(timer)
        folder.close()
      },
    }
  } catch (error) {
    folder.close()
    throw unusable(error)
  }
}

function opened(path: string): StateFolder {
  try {
    return StateFolder.open(path)
  } catch (error) {
    throw unusable(error)
  }
}

function save(folder: StateFolder, network: Replica | Network): void {
  try {
    folder.save({ about: {}, state: network.exportState() })
  } catch (error) {
    throw new CliError({ what: 'The state of the network was not saved.', why: messageOf(error), remedy: writeRemedy(error) })
  }
}

function unusable(error: unknown): unknown {
  if (error instanceof FolderInUseError) return new CliError({ what: 'The state of the network is in use.', why: error.message })
  if (!(error instanceof StorageError || error instanceof RangeError)) return error
  return new CliError({
    what: 'The network cannot go on from where it was.',
    why: error.message,
    remedy: 'Start it afresh: tidemark start --clean. Its canisters are then gone.',
  })
}
