/// Uploads under way: batches, their chunks, and the limits on both.

import Blob "mo:core/Blob";
import Iter "mo:core/Iter";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Runtime "mo:core/Runtime";
import Time "mo:core/Time";
import Types "../Types";

module {
  type Chunk = { batchId : Types.BatchId; content : Blob };
  type Batch = { var expiresAt : Int };

  public type Uploads = {
    batches : Map.Map<Types.BatchId, Batch>;
    chunks : Map.Map<Types.ChunkId, Chunk>;
    var nextBatchId : Types.BatchId;
    var nextChunkId : Types.ChunkId;
    var bytes : Nat;
    var limits : Types.ConfigurationResponse;
  };

  let lifetimeNanos = 300_000_000_000;

  public func empty() : Uploads = {
    batches = Map.empty();
    chunks = Map.empty();
    var nextBatchId = 1;
    var nextChunkId = 1;
    var bytes = 0;
    var limits = { max_batches = null; max_chunks = null; max_bytes = null };
  };

  /// Drops the batches that expired, but for those that must wait longer.
  public func dropExpired(uploads : Uploads, waits : Types.BatchId -> Bool) {
    let now = Time.now();
    let expired = Iter.toArray(
      Iter.filter<(Nat, Batch)>(Map.entries(uploads.batches), func((id, batch)) = batch.expiresAt <= now and not waits(id))
    );
    for ((id, _) in expired.vals()) close(uploads, id);
  };

  /// Opens a batch. Traps at the limit of open batches.
  public func open(uploads : Uploads) : Types.BatchId {
    requireBelow(Map.size(uploads.batches) + 1, uploads.limits.max_batches, "batch limit exceeded");
    let id = uploads.nextBatchId;
    uploads.nextBatchId += 1;
    Map.add(uploads.batches, Nat.compare, id, { var expiresAt = Time.now() + lifetimeNanos });
    id;
  };

  /// Adds a chunk to an open batch, which then lives for another five minutes. Traps at the limits.
  public func add(uploads : Uploads, batchId : Types.BatchId, content : Blob) : Types.ChunkId {
    let batch = openBatch(uploads, batchId);
    requireBelow(Map.size(uploads.chunks) + 1, uploads.limits.max_chunks, "chunk limit exceeded");
    requireBelow(uploads.bytes + content.size(), uploads.limits.max_bytes, "byte limit exceeded");
    batch.expiresAt := Time.now() + lifetimeNanos;
    let id = uploads.nextChunkId;
    uploads.nextChunkId += 1;
    uploads.bytes += content.size();
    Map.add(uploads.chunks, Nat.compare, id, { batchId; content });
    id;
  };

  /// The content of a chunk. Traps when it is not there (any more).
  public func chunk(uploads : Uploads, id : Types.ChunkId) : Blob {
    let ?content = find(uploads, id) else Runtime.trap("chunk not found");
    content;
  };

  /// The content of a chunk, if it is there.
  public func find(uploads : Uploads, id : Types.ChunkId) : ?Blob = switch (Map.get(uploads.chunks, Nat.compare, id)) {
    case (?chunk) ?chunk.content;
    case null null;
  };

  public func isOpen(uploads : Uploads, id : Types.BatchId) : Bool = Map.containsKey(uploads.batches, Nat.compare, id);

  /// Traps unless the batch is open.
  public func require(uploads : Uploads, id : Types.BatchId) = ignore openBatch(uploads, id);

  /// Closes a batch and forgets its chunks. A batch that is not there is not an error.
  public func close(uploads : Uploads, id : Types.BatchId) {
    Map.remove(uploads.batches, Nat.compare, id);
    dropChunks(uploads, func chunk = chunk.batchId == id);
  };

  /// Forgets everything that is not committed, and counts from one again. Limits stay.
  public func clear(uploads : Uploads) {
    Map.clear(uploads.batches);
    Map.clear(uploads.chunks);
    uploads.nextBatchId := 1;
    uploads.nextChunkId := 1;
    uploads.bytes := 0;
  };

  /// Changes the limits that are given; an inner `null` lifts one.
  public func configure(uploads : Uploads, args : Types.ConfigureArguments) {
    func changed(new : ??Nat64, old : ?Nat64) : ?Nat64 = switch new { case (?value) value; case null old };
    uploads.limits := {
      max_batches = changed(args.max_batches, uploads.limits.max_batches);
      max_chunks = changed(args.max_chunks, uploads.limits.max_chunks);
      max_bytes = changed(args.max_bytes, uploads.limits.max_bytes);
    };
  };

  func openBatch(uploads : Uploads, id : Types.BatchId) : Batch {
    let ?batch = Map.get(uploads.batches, Nat.compare, id) else Runtime.trap("batch not found");
    batch;
  };

  func dropChunks(uploads : Uploads, condition : Chunk -> Bool) {
    let dropped = Iter.toArray(Iter.filter<(Nat, Chunk)>(Map.entries(uploads.chunks), func((_, chunk)) = condition(chunk)));
    for ((id, chunk) in dropped.vals()) {
      Map.remove(uploads.chunks, Nat.compare, id);
      uploads.bytes -= chunk.content.size();
    };
  };

  func requireBelow(value : Nat, limit : ?Nat64, message : Text) = switch limit {
    case (?max) if (value > Nat64.toNat(max)) Runtime.trap(message);
    case null {};
  };
};
