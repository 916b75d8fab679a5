/** What can be wrong with a folder. The message names the folder, or the file in it. */
export class StorageError extends Error {
  override readonly name: string = 'StorageError'
}

/** The folder holds something else than a state, or a state of a newer version of the format. It is left as it is. */
export class ForeignFolderError extends StorageError {
  override readonly name = 'ForeignFolderError'
}

/** A file of the state is missing, or holds other bytes than were written. */
export class CorruptStateError extends StorageError {
  override readonly name = 'CorruptStateError'
}

/** Another process, or another part of this one, has the folder open. */
export class FolderInUseError extends StorageError {
  override readonly name = 'FolderInUseError'
}
