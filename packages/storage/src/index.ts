export { CorruptStateError, FolderInUseError, ForeignFolderError, StorageError } from './errors.ts'
export { type Files, nodeFiles, putFile } from './files.ts'
export { type KeptState, type SaveReport, StateFolder } from './stateFolder.ts'
