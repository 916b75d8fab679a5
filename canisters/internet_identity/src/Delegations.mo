/// Delegations by canister signatures: who a person is at an application, and the signatures that say so.

import Array "mo:core/Array";
import Blob "mo:core/Blob";
import List "mo:core/List";
import Nat64 "mo:core/Nat64";
import Nat8 "mo:core/Nat8";
import Nat "mo:core/Nat";
import Principal "mo:core/Principal";
import Queue "mo:core/Queue";
import Runtime "mo:core/Runtime";
import Text "mo:core/Text";
import Cbor "mo:certification/Cbor";
import HashTree "mo:certification/HashTree";
import Leb128 "mo:certification/Leb128";
import PathTree "mo:certification/PathTree";
import Sha256 "mo:certification/Sha256";
import Types "Types";

module {
  /// The signatures that stand in the certified tree, the oldest first.
  public type Signatures = Queue.Queue<{ path : [Blob]; expires : Types.Timestamp }>;

  let defaultLifetime : Nat64 = 1_800_000_000_000;
  let maxLifetime : Nat64 = 2_592_000_000_000_000;
  /// How long a signature can be fetched.
  let signatureLifetime : Nat64 = 60_000_000_000;
  /// Expired signatures that one call removes: one adds only one.
  let removedAtOnce = 50;
  let frontendBytesMax = 255;
  /// DER of the algorithm 1.3.6.1.4.1.56387.1.2.
  let algorithm : Blob = "\30\0c\06\0a\2b\06\01\04\01\83\b8\43\01\02";

  /// When a delegation ends that is asked for now.
  public func expiration(now : Types.Timestamp, asked : ?Nat64) : Types.Timestamp {
    let lifetime = switch asked {
      case (?nanos) Nat64.min(nanos, maxLifetime);
      case null defaultLifetime;
    };
    Nat64.fromNat(Nat.min(Nat64.toNat(now) + Nat64.toNat(lifetime), 0xffff_ffff_ffff_ffff));
  };

  /// What tells one person at one application from all others. Traps for an application with too long a name.
  public func seed(salt : Blob, number : Types.UserNumber, frontend : Types.FrontendHostname) : Blob {
    let name = Text.encodeUtf8(frontend);
    if (name.size() > frontendBytesMax) {
      Runtime.trap("frontend hostname " # Nat.toText(name.size()) # " exceeds the limit of 255 bytes");
    };
    let parts = [salt, Text.encodeUtf8(Nat64.toText(number)), name];
    Sha256.digestOf(Array.flatMap<Blob, Blob>(parts, func part = [byte(part.size()), part].vals()));
  };

  /// The public key, DER, of a canister and a seed.
  ///
  /// See the interface specification, "Canister signatures".
  public func publicKey(canister : Principal, seed : Blob) : Types.PublicKey {
    let id = Principal.toBlob(canister);
    let raw = join([byte(id.size()), id, seed]);
    let bits = join(["\03", byte(raw.size() + 1), "\00", raw]);
    join(["\30", byte(algorithm.size() + bits.size()), algorithm, bits]);
  };

  /// Puts a signature into the tree, and takes out what nobody can fetch any more.
  public func sign(tree : PathTree.Node, signatures : Signatures, seed : Blob, key : Types.PublicKey, expiration : Types.Timestamp, now : Types.Timestamp) {
    removeExpired(tree, signatures, now);
    let path = pathOf(seed, key, expiration);
    PathTree.insert(tree, path, "");
    Queue.pushBack(signatures, { path; expires = now +% signatureLifetime });
  };

  func removeExpired(tree : PathTree.Node, signatures : Signatures, now : Types.Timestamp) {
    var removed = 0;
    label expired while (removed < removedAtOnce) {
      let ?{ path; expires } = Queue.peekFront(signatures) else break expired;
      if (expires > now) break expired;
      ignore Queue.popFront(signatures);
      // The same delegation may have been asked for once more since.
      if (not Queue.any<{ path : [Blob]; expires : Types.Timestamp }>(signatures, func other = other.path == path)) PathTree.remove(tree, path);
      removed += 1;
    };
  };

  /// The signature of a delegation, if it stands in the tree; `certificate` is the one of the query.
  public func signature(tree : PathTree.Node, certificate : Blob, seed : Blob, key : Types.PublicKey, expiration : Types.Timestamp) : ?Blob {
    let path = pathOf(seed, key, expiration);
    let whole = PathTree.tree(tree);
    if (not contains(whole, path)) return null;
    ?Cbor.encodeSignature(certificate, HashTree.witness(whole, path));
  };

  func contains(tree : HashTree.Tree, path : [Blob]) : Bool {
    var at = tree;
    for (name in path.vals()) {
      let ?below = HashTree.find(at, name) else return false;
      at := below;
    };
    true;
  };

  func pathOf(seed : Blob, key : Types.PublicKey, expiration : Types.Timestamp) : [Blob] = [
    "sig",
    Sha256.digest(seed),
    Sha256.digestOf(["\1Aic-request-auth-delegation", digest(key, expiration)]),
  ];

  /// The representation-independent hash of a delegation to all canisters.
  func digest(key : Types.PublicKey, expiration : Types.Timestamp) : Blob {
    let fields = [field("pubkey", key), field("expiration", Leb128.encode(Nat64.toNat(expiration)))];
    Sha256.digestOf(Array.sort(fields, Blob.compare));
  };

  func field(name : Text, value : Blob) : Blob = join([Sha256.digest(Text.encodeUtf8(name)), Sha256.digest(value)]);

  func byte(value : Nat) : Blob = Blob.fromArray([Nat8.fromNat(value)]);

  func join(parts : [Blob]) : Blob {
    let bytes = List.empty<Nat8>();
    for (part in parts.vals()) {
      for (value in part.vals()) List.add(bytes, value);
    };
    Blob.fromArray(List.toArray(bytes));
  };
};
