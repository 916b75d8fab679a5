import Time "mo:core/Time";
import Nat64 "mo:core/Nat64";
import Int "mo:core/Int";

/// The global timer without a library: it rings when the actor starts, and sets itself again.
actor {
  var rings = 0;

  system func timer(set : Nat64 -> ()) : async () {
    rings += 1;
    if (rings < 4) set(Nat64.fromNat(Int.abs(Time.now())) + 5_000_000_000);
  };

  public query func get() : async Nat { rings };
};
