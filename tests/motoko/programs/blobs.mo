import Blob "mo:core/Blob";
import Array "mo:core/Array";
import Nat8 "mo:core/Nat8";

/// Large arguments and results.
actor {
  var kept : Blob = "";

  public func keep(data : Blob) : async Nat {
    kept := data;
    kept.size();
  };

  public query func size(data : Blob) : async Nat { data.size() };

  public query func get() : async Blob { kept };

  public query func make(size : Nat) : async Blob {
    Blob.fromArray(Array.tabulate<Nat8>(size, func i = Nat8.fromNat(i % 251)));
  };

  public func relay(other : Text, data : Blob) : async Nat { await (actor (other) : actor { keep : Blob -> async Nat }).keep data };
};
