/// Methods that upload in batches.

import Array "mo:core/Array";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Runtime "mo:core/Runtime";
import Batches "../upload/Batches";
import Permissions "../Permissions";
import Proposals "../upload/Proposals";
import Types "../Types";

mixin (
  permissions : Permissions.Permissions,
  uploads : Batches.Uploads,
  proposals : Proposals.Proposals,
  change : <system>([Types.BatchOperationKind]) -> (),
) {
  func add(batchId : Types.BatchId, content : Blob) : Types.ChunkId {
    if (Proposals.isProposed(proposals, batchId)) Runtime.trap("batch " # Nat.toText(batchId) # " has been proposed");
    Batches.add(uploads, batchId, content);
  };

  public shared ({ caller }) func create_batch(_ : {}) : async { batch_id : Types.BatchId } {
    Permissions.require(permissions, #Prepare, caller);
    Batches.dropExpired(uploads, func id = Proposals.hasEvidence(proposals, id));
    Proposals.requireNone(proposals, uploads);
    { batch_id = Batches.open(uploads) };
  };

  public shared ({ caller }) func create_chunk(args : { batch_id : Types.BatchId; content : Blob }) : async { chunk_id : Types.ChunkId } {
    Permissions.require(permissions, #Prepare, caller);
    { chunk_id = add(args.batch_id, args.content) };
  };

  public shared ({ caller }) func create_chunks(args : { batch_id : Types.BatchId; content : [Blob] }) : async {
    chunk_ids : [Types.ChunkId];
  } {
    Permissions.require(permissions, #Prepare, caller);
    { chunk_ids = Array.map<Blob, Nat>(args.content, func content = add(args.batch_id, content)) };
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
    Batches.require(uploads, args.batch_id);
    Batches.close(uploads, args.batch_id);
    Proposals.forget(proposals, args.batch_id);
  };

  public shared ({ caller }) func get_configuration() : async Types.ConfigurationResponse {
    Permissions.require(permissions, #Prepare, caller);
    uploads.limits;
  };

  public shared ({ caller }) func configure(args : Types.ConfigureArguments) : async () {
    Permissions.require(permissions, #Commit, caller);
    Batches.configure(uploads, args);
  };

  public func validate_configure(args : Types.ConfigureArguments) : async Types.ValidationResult {
    func shown(limit : ??Nat64) : Text = switch limit {
      case (??value) "Some(Some(" # Nat64.toText(value) # "))";
      case (?null) "Some(None)";
      case null "None";
    };
    let { max_batches; max_chunks; max_bytes } = args;
    #Ok(
      "configure: ConfigureArguments { max_batches: " # shown(max_batches)
      # ", max_chunks: " # shown(max_chunks) # ", max_bytes: " # shown(max_bytes) # " }"
    );
  };
};
