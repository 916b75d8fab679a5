/** The file through which a client learns the port: whoever creates it first is the server. */
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs'

export interface PortFile {
  /** Tells the port, once something listens on it. */
  write(port: number): void
  /** Removes the file; the second time nothing happens. */
  remove(): void
}

/** @returns undefined when the file is there already. @throws the system's error when it cannot be created */
export function claimPortFile(path: string): PortFile | undefined {
  try {
    closeSync(openSync(path, 'wx'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined
    throw error
  }
  let present = true
  return {
    write: (port) => writeFileSync(path, `${port}\n`),
    remove: () => {
      if (present) rmSync(path, { force: true })
      present = false
    },
  }
}
