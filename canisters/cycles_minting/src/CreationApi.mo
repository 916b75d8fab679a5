/// Creating canisters with the cycles that come with the call, and what is known of subnets.

import Cycles "mo:core/Cycles";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Creation "Creation";
import Types "Types";

mixin (subnets : Creation.Subnets) {
  transient let leastCycles = 100_000_000_000;
  /// Kept of what came with a creation that failed.
  transient let penalty = 100_000_000;

  /// The new canister gets all cycles of the call, less the price of its creation.
  public shared ({ caller }) func create_canister(arg : Types.CreateCanisterArg) : async {
    #Ok : Principal;
    #Err : {
      #Refunded : { refund_amount : Nat; create_error : Text };
      #RefundFailed : { create_error : Text; refund_error : Text };
    };
  } {
    let cycles = Cycles.available();
    if (cycles < leastCycles) return #Err(#Refunded { refund_amount = cycles; create_error = "Insufficient cycles attached." });
    switch (await* Creation.create<system>(subnets, caller, Creation.ownedBy(arg, caller), cycles)) {
      case (#Ok id) {
        ignore Cycles.accept<system>(cycles);
        #Ok id;
      };
      case (#Err create_error) {
        let kept = Cycles.accept<system>(Nat.min(penalty, cycles));
        #Err(#Refunded { refund_amount = cycles - kept : Nat; create_error });
      };
    };
  };

  public query func get_default_subnets() : async [Principal] { subnets.defaults };
  public query func get_subnet_types_to_subnets() : async { data : [(Text, [Principal])] } { { data = Map.toArray(subnets.types) } };

  public query func get_principals_authorized_to_create_canisters_to_subnets() : async { data : [(Principal, [Principal])] } {
    { data = Map.toArray(subnets.lists) };
  };
};
