/**
 * The state of a local network in a folder: what the network before has left there, and what this one will leave. A save
 * every so often, and a journal of what happened since.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Network, NetworkInput } from '@tidemark/network'
import type { Replica } from '@tidemark/replica'
import { FolderInUseError, type FoundJournal, Journal, readJournal, StateFolder, StorageError } from '@tidemark/storage'
import { CliError, messageOf } from '../output/cliError.ts'
import { writeRemedy } from '../project/files.ts'
import { replayJournal, StateJournal } from './stateJournal.ts'

/** How long after a call the state is saved, milliseconds: calls that come together are saved together. */
const saveDelayMillis = { withJournal: 60_000, withoutJournal: 10_000 }

/** A network whose state is kept. */
export interface KeptState {
  /** Whether the network goes on from the state of one before. */
  readonly isResumed: boolean
  /** Writes an input of the network down, so that it outlives this process, before anybody hears of what it did. */
  note(input: NetworkInput): void
  /** Somebody has called a canister: in a while the state is saved, so that the next start has less to go through again. */
  noteCall(): void
  /** The state has changed otherwise than by an input: saves it at once. @throws CliError as `save` */
  noteRestore(): void
  /** The round that runs has failed: the next start goes on from the one before. */
  forgetRound(): void
  /** Keeps the state as it is; call it between rounds. @throws CliError when it cannot be written: the one before is still there */
  save(): void
  /** Saves no more, and lets another process have the folder. */
  close(): void
}

export interface KeepOptions {
  /** What decides, besides its inputs, what a network does. Plain JSON. */
  readonly decisive: Readonly<Record<string, unknown>>
  /** Hears of a save in between that failed, and of a journal that cannot be written. */
  readonly onFailure: (error: unknown) => void
  /** Hears what was found that is not as it should be, and of no consequence. */
  readonly onNotice?: (text: string) => void
}

/**
 * Brings a fresh network to the state in a folder, if there is one.
 *
 * @throws CliError when another process uses the folder, or its state is damaged, of another version or of other subnets
 */
export function keepState(path: string, network: Replica | Network, options: KeepOptions): KeptState {
  const { decisive, onFailure } = options
  const folder = opened(path)
  try {
    const kept = folder.load()
    if (kept === undefined) save(folder, network)
    else network.importState(kept.state)
    const found = kept === undefined ? undefined : journalOf(folder)
    if (found !== undefined) resume(network, found, options)
    const base = () => ({ tree: folder.tree ?? '', about: decisive })
    const file = found === undefined ? Journal.begin(path, base()) : Journal.goOn(path, found)
    let timer: NodeJS.Timeout | undefined
    let isOpen = true
    const saveSoon = (millis: number): void => {
      if (isOpen) timer ??= setTimeout(saveQuietly, millis)
    }
    const journal = new StateJournal(file, {
      onFull: () => saveSoon(0),
      onFailure: (error) => {
        onFailure(notWritten('The journal of the network', error))
        saveSoon(saveDelayMillis.withoutJournal)
      },
    })
    const saveAll = (): void => {
      save(folder, network)
      try {
        journal.restart(base())
      } catch (error) {
        throw notWritten('The journal of the network', error)
      }
    }
    const saveQuietly = (): void => {
      timer = undefined
      try {
        saveAll()
      } catch (error) {
        onFailure(error)
      }
    }
    return {
      isResumed: kept !== undefined,
      note: (input) => journal.note(input),
      noteCall: () => saveSoon(journal.isWritten ? saveDelayMillis.withJournal : saveDelayMillis.withoutJournal),
      noteRestore: () => {
        journal.suspend()
        saveAll()
      },
      forgetRound: () => journal.forgetRound(),
      save: saveAll,
      close: () => {
        if (!isOpen) return
        isOpen = false
        clearTimeout(timer)
        journal.close()
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

/** What happened since the last save; undefined when nothing did, or a save has taken it in. */
function journalOf({ path, tree }: StateFolder): FoundJournal | undefined {
  const found = readJournal(path)
  return found !== undefined && found.tree === tree && found.length + found.tornBytes > 0 ? found : undefined
}

function resume(network: Replica | Network, found: FoundJournal, { decisive, onNotice }: KeepOptions): void {
  if (found.tornBytes > 0) onNotice?.(`The last ${found.tornBytes} bytes of the journal were not written to their end: they are left out.`)
  if (found.entries.length === 0) return
  if (!isDeepStrictEqual(found.about, decisive)) {
    throw new CliError({
      what: 'The network cannot go on from where it was.',
      why: `It ended without a save, and was started with ${JSON.stringify(found.about)}, not ${JSON.stringify(decisive)}.`,
      remedy: 'Start it once as before, and stop it. Or start it afresh: tidemark start --clean. Its canisters are then gone.',
    })
  }
  replayJournal(network, found)
}

function save(folder: StateFolder, network: Replica | Network): void {
  try {
    folder.save({ about: {}, state: network.exportState() })
  } catch (error) {
    throw notWritten('The state of the network', error)
  }
}

function notWritten(what: string, error: unknown): CliError {
  return new CliError({ what: `${what} was not saved.`, why: messageOf(error), remedy: writeRemedy(error) })
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
