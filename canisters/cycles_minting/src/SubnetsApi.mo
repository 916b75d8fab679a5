/// Which subnets canisters are created on, as governance says.

import Array "mo:core/Array";
import Map "mo:core/Map";
import Principal "mo:core/Principal";
import Runtime "mo:core/Runtime";
import Text "mo:core/Text";
import Creation "Creation";
import Governance "Governance";
import Types "Types";

mixin (subnets : Creation.Subnets) {
  /// Sets the subnets of a principal, or, for nobody, those of everybody who has none of its own.
  public shared ({ caller }) func set_authorized_subnetwork_list(args : Types.SetAuthorizedSubnetworkListArgs) : async () {
    if (not Governance.mayChange(caller)) {
      Runtime.trap("Only the governance canister and subnet rental canister can set authorized subnetwork lists.");
    };
    let typed = Array.filter<Principal>(args.subnets, func subnet = Creation.isTyped(subnets, subnet));
    if (typed.size() > 0) Runtime.trap("Subnets " # debug_show typed # " are already assigned to a type and cannot be authorized.");
    switch (args.who) {
      case null subnets.defaults := args.subnets;
      case (?who) if (args.subnets.size() == 0) Map.remove(subnets.lists, Principal.compare, who) else Map.add(subnets.lists, Principal.compare, who, args.subnets);
    };
  };

  public shared ({ caller }) func update_subnet_type(args : Types.UpdateSubnetTypeArgs) : async () {
    if (not Governance.mayChange(caller)) Runtime.trap("Only the governance canister can update the available subnet types.");
    switch args {
      case (#Add name) {
        if (Map.containsKey(subnets.types, Text.compare, name)) Runtime.trap("Provided subnet type already exists: " # name);
        Map.add(subnets.types, Text.compare, name, []);
      };
      case (#Remove name) {
        if (not Map.containsKey(subnets.types, Text.compare, name)) Runtime.trap("Provided subnet type doesn't exist: " # name);
        if (Creation.ofType(subnets, name).size() > 0) Runtime.trap("Subnet type " # name # " still has subnets");
        Map.remove(subnets.types, Text.compare, name);
      };
    };
  };

  public shared ({ caller }) func change_subnet_type_assignment(args : Types.ChangeSubnetTypeAssignmentArgs) : async () {
    if (not Governance.mayChange(caller)) Runtime.trap("Only the governance canister can change subnet type assignments.");
    let (#Add { subnet_type } or #Remove { subnet_type }) = args;
    if (not Map.containsKey(subnets.types, Text.compare, subnet_type)) Runtime.trap("Provided subnet type doesn't exist: " # subnet_type);
    switch args {
      case (#Add { subnets = added }) {
        for (subnet in added.vals()) {
          if (Creation.isTyped(subnets, subnet)) Runtime.trap("Subnet " # Principal.toText(subnet) # " has a type already");
          Creation.assign(subnets, subnet_type, subnet);
        };
      };
      case (#Remove { subnets = removed }) {
        let left = Array.filter<Principal>(
          Creation.ofType(subnets, subnet_type),
          func subnet = not Array.any<Principal>(removed, func one = one == subnet),
        );
        Map.add(subnets.types, Text.compare, subnet_type, left);
      };
    };
  };
};
