/// The digest over proposed operations by which voters recognise them, as the published asset canister computes it: step by
/// step, so that a proposal of any size fits into several messages.

import Array "mo:core/Array";
import Blob "mo:core/Blob";
import Nat8 "mo:core/Nat8";
import Nat64 "mo:core/Nat64";
import Text "mo:core/Text";
import Sha256 "mo:certification/Sha256";
import Types "../Types";

module {
  public type Progress = {
    var operation : Nat;
    /// The next chunk of that operation; `null` before the operation itself.
    var chunk : ?Nat;
    hasher : Sha256.Hasher;
    var evidence : ?Blob;
  };

  public func start() : Progress = { var operation = 0; var chunk = null; hasher = Sha256.new(); var evidence = null };

  /// One step: an operation without its content, a chunk, or the end. `chunkOf` gives a chunk if it is there.
  public func advance(progress : Progress, operations : [Types.BatchOperationKind], chunkOf : Types.ChunkId -> ?Blob) {
    if (progress.evidence != null) return;
    if (progress.operation >= operations.size()) {
      progress.evidence := ?Sha256.finish(progress.hasher);
      return;
    };
    switch (operations[progress.operation], progress.chunk) {
      case (#SetAssetContent args, ?index) advanceContent(progress, args, index, chunkOf);
      case (#SetAssetContent args, null) {
        writeContent(progress.hasher, args);
        progress.chunk := ?0;
      };
      case (operation, _) {
        writeOperation(progress.hasher, operation);
        progress.operation += 1;
      };
    };
  };

  // The last chunk counts only where there are no other ones: evidence must be what others compute.
  func advanceContent(progress : Progress, args : Types.SetAssetContentArguments, index : Nat, chunkOf : Types.ChunkId -> ?Blob) {
    if (index < args.chunk_ids.size()) {
      switch (chunkOf(args.chunk_ids[index])) { case (?content) Sha256.write(progress.hasher, content); case null {} };
      if (index + 1 < args.chunk_ids.size()) {
        progress.chunk := ?(index + 1);
        return;
      };
    } else {
      switch (args.last_chunk) { case (?content) Sha256.write(progress.hasher, content); case null {} };
    };
    progress.chunk := null;
    progress.operation += 1;
  };

  type Hasher = Sha256.Hasher;

  func writeOperation(hasher : Hasher, operation : Types.BatchOperationKind) = switch operation {
    case (#CreateAsset args) {
      tag(hasher, 4);
      text(hasher, args.key);
      text(hasher, args.content_type);
      optional(hasher, args.max_age, nat64);
      optional(hasher, args.headers, headers);
      optional(hasher, args.allow_raw_access, bool);
      optional(hasher, args.enable_aliasing, bool);
    };
    case (#SetAssetContent args) writeContent(hasher, args);
    case (#UnsetAssetContent args) {
      tag(hasher, 6);
      text(hasher, args.key);
      text(hasher, args.content_encoding);
    };
    case (#DeleteAsset args) {
      tag(hasher, 7);
      text(hasher, args.key);
    };
    case (#Clear _) tag(hasher, 8);
    case (#SetAssetProperties args) {
      tag(hasher, 9);
      text(hasher, args.key);
      optional<?Nat64>(hasher, args.max_age, func(to, value) = optional(to, value, nat64));
      optional<?[Types.HeaderField]>(hasher, args.headers, func(to, value) = optional(to, value, headers));
      optional<?Bool>(hasher, args.allow_raw_access, func(to, value) = optional(to, value, bool));
      optional<?Bool>(hasher, args.is_aliased, func(to, value) = optional(to, value, bool));
    };
  };

  func writeContent(hasher : Hasher, args : Types.SetAssetContentArguments) {
    tag(hasher, 5);
    text(hasher, args.key);
    text(hasher, args.content_encoding);
    optional<Blob>(hasher, args.sha256, Sha256.write);
  };

  func tag(hasher : Hasher, value : Nat8) = Sha256.write(hasher, Blob.fromArray([value]));

  func text(hasher : Hasher, value : Text) = Sha256.write(hasher, Text.encodeUtf8(value));

  func bool(hasher : Hasher, value : Bool) = tag(hasher, if value 1 else 0);

  func nat64(hasher : Hasher, value : Nat64) = Sha256.write(
    hasher,
    Blob.fromArray(Array.tabulate<Nat8>(8, func i = Nat8.fromNat(Nat64.toNat((value >> Nat64.fromNat(56 - 8 * i)) & 0xff)))),
  );

  func headers(hasher : Hasher, fields : [Types.HeaderField]) {
    for ((name, value) in Array.sort<Types.HeaderField>(fields, func((a, _), (b, _)) = Text.compare(a, b)).vals()) {
      text(hasher, name);
      text(hasher, value);
    };
  };

  func optional<Value>(hasher : Hasher, value : ?Value, write : (Hasher, Value) -> ()) = switch value {
    case (?present) {
      tag(hasher, 3);
      write(hasher, present);
    };
    case null tag(hasher, 2);
  };
};
