/// What a local network tells of itself at the registry's id: which subnet holds a canister.

import Array "mo:core/Array";
import Blob "mo:core/Blob";
import Principal "mo:core/Principal";
import Runtime "mo:core/Runtime";

shared actor class Registry(args : { subnets : [{ subnet_id : Principal; ranges : [{ start : Principal; end : Principal }] }] }) {
  type Range = { start : Principal; end : Principal };
  type Subnet = { subnet_id : Principal; ranges : [Range] };

  transient let governance = Principal.fromText("rrkah-fqaaa-aaaaa-aaaaq-cai");

  var subnets : [Subnet] = args.subnets;
  var version : Nat64 = 1;

  /// The subnet whose ranges hold a canister's id.
  public query func get_subnet_for_canister({ principal } : { principal : ?Principal }) : async {
    #Ok : { subnet_id : ?Principal };
    #Err : Text;
  } {
    let ?canister = principal else return #Err "No principal supplied";
    for ({ subnet_id; ranges } in subnets.vals()) {
      if (Array.any<Range>(ranges, func range = isWithin(Principal.toBlob(canister), range))) return #Ok { subnet_id = ?subnet_id };
    };
    #Err "Canister ID did not belong to any subnet";
  };

  public query func get_latest_version() : async Nat64 { version };

  /// Says anew which subnets there are, for governance and controllers.
  public shared ({ caller }) func set_subnets(changed : { subnets : [Subnet] }) : async () {
    if (caller != governance and not Principal.isController(caller)) Runtime.trap("Only governance and controllers may change the subnets.");
    subnets := changed.subnets;
    version += 1;
  };

  /// Ids of one length, which those of canisters are, are in the order of their bytes.
  func isWithin(id : Blob, { start; end } : Range) : Bool {
    let first = Principal.toBlob(start);
    let last = Principal.toBlob(end);
    id.size() == first.size() and Blob.compare(first, id) != #greater and Blob.compare(id, last) != #greater;
  };
};
