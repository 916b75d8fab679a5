/// The price of ICP, certified.

import CertifiedData "mo:core/CertifiedData";
import Int "mo:core/Int";
import Nat64 "mo:core/Nat64";
import Time "mo:core/Time";
import Cbor "mo:certification/Cbor";
import HashTree "mo:certification/HashTree";
import Types "Types";

module {
  public type Rates = { var current : Types.Rate };

  let initial : Nat64 = 35_200;

  public func empty() : Rates = { var current = { timestamp_seconds = 0; xdr_permyriad_per_icp = initial } };

  /// Sets the price as of now, or keeps it when there is none, and certifies it.
  public func set<system>(rates : Rates, price : ?Nat64) {
    let xdr_permyriad_per_icp = switch price {
      case (?given) given;
      case null rates.current.xdr_permyriad_per_icp;
    };
    rates.current := { timestamp_seconds = Nat64.fromNat(Int.abs(Time.now()) / 1_000_000_000); xdr_permyriad_per_icp };
    CertifiedData.set(HashTree.digest(tree(rates)));
  };

  /// Cycles for an amount in 10^-8 ICP: a trillion cycles cost one XDR, the price is in 10,000ths of it.
  public func cycles(rates : Rates, e8s : Nat64) : Nat = Nat64.toNat(e8s) * Nat64.toNat(rates.current.xdr_permyriad_per_icp);

  /// One of the two prices with its proof; they are the same here. The certificate is empty outside of queries.
  public func response(rates : Rates, name : Blob) : Types.RateResponse {
    let certificate = switch (CertifiedData.getCertificate()) {
      case (?given) given;
      case null "" : Blob;
    };
    { data = rates.current; hash_tree = Cbor.encodeTree(HashTree.witness(tree(rates), [name])); certificate };
  };

  public let currentName : Blob = "ICP_XDR_CONVERSION_RATE";
  public let averageName : Blob = "AVERAGE_ICP_XDR_CONVERSION_RATE";

  func tree(rates : Rates) : HashTree.Tree {
    let rate = HashTree.leaf(to_candid (rates.current));
    HashTree.balanced([
      (averageName, HashTree.labeled(averageName, rate)),
      (currentName, HashTree.labeled(currentName, rate)),
    ]);
  };
};
