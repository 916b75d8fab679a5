export { CorruptStateError, FolderInUseError, ForeignFolderError, StorageError } from './errors.ts'
export { type AppendedFile, type Files, nodeFiles, putFile } from './files.ts'
export { type FoundJournal, Journal, type JournalBase, readJournal } from './journal.ts'
export { type KeptState, type SaveReport, StateFolder } from './stateFolder.ts'
