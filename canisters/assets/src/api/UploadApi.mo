/// Methods that upload in batches.

import Array "mo:core/Array";
import Batches "../upload/Batches";
import Permissions "../Permissions";
import Types "../Types";

mixin (permissions : Permissions.Permissions, uploads : Batches.Uploads, change : <system>([Types.BatchOperationKind]) -> ()) {
  public shared ({ caller }) func create_batch(_ : {}) : async { batch_id : Types.BatchId } {
    Permissions.require(permissions, #Prepare, caller);
    { batch_id = Batches.open(uploads) };
  };

  public shared ({ caller }) func create_chunk(args : { batch_id : Types.BatchId; content : Blob }) : async { chunk_id : Types.ChunkId } {
    Permissions.require(permissions, #Prepare, caller);
    { chunk_id = Batches.add(uploads, args.batch_id, args.content) };
  };

  public shared ({ caller }) func create_chunks(args : { batch_id : Types.BatchId; content : [Blob] }) : async {
    chunk_ids : [Types.ChunkId];
  } {
    Permissions.require(permissions, #Prepare, caller);
    { chunk_ids = Array.map<Blob, Nat>(args.content, func content = Batches.add(uploads, args.batch_id, content)) };
  };

  /// All operations or none. Uploaders commit in stages under batch 0, which is no batch; the last call names the
  /// real one and closes it.
  public shared ({ caller }) func commit_batch(args : Types.CommitBatchArguments) : async () {
    Permissions.require(permissions, #Commit, caller);
    change<system>(args.operations);
    if (args.batch_id != 0) Batches.close(uploads, args.batch_id);
  };

  public shared ({ caller }) func delete_batch(args : { batch_id : Types.BatchId }) : async () {
    Permissions.require(permissions, #Prepare, caller);
    Batches.close(uploads, args.batch_id);
  };

  public func get_configuration() : async Types.ConfigurationResponse { uploads.limits };

  public shared ({ caller }) func configure(args : Types.ConfigureArguments) : async () {
    Permissions.require(permissions, #Commit, caller);
    Batches.configure(uploads, args);
  };

  public func validate_configure(args : Types.ConfigureArguments) : async Types.ValidationResult {
    #Ok("configure: " # debug_show (args));
  };
};
