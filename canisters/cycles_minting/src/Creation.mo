/// Which subnet a new canister goes to, and its creation there.

import Array "mo:core/Array";
import Error "mo:core/Error";
import List "mo:core/List";
import Map "mo:core/Map";
import Principal "mo:core/Principal";
import Text "mo:core/Text";
import Settings "../../cycles_ledger/src/Settings";
import Types "Types";

module {
  public type Subnets = {
    var defaults : [Principal];
    var all : [{ subnet_id : Principal; subnet_type : Text }];
    /// Counts creations, so that they go round the subnets.
    var turn : Nat;
  };

  public type Choice = { settings : ?Types.CanisterSettings; subnet_selection : ?Types.SubnetSelection; subnet_type : ?Text };

  public func empty() : Subnets = { var defaults = []; var all = []; var turn = 0 };

  public func configure(subnets : Subnets, defaults : [Principal], all : [{ subnet_id : Principal; subnet_type : Text }]) {
    subnets.defaults := defaults;
    subnets.all := all;
  };

  /// The same choice, with `controller` as the only controller where no controllers are named.
  public func ownedBy({ settings; subnet_selection; subnet_type } : Choice, controller : Principal) : Choice {
    { settings = ?Settings.withController(settings, controller); subnet_selection; subnet_type };
  };

  /// The types of subnets, each with its subnets.
  public func types(subnets : Subnets) : [(Text, [Principal])] {
    let found = Map.empty<Text, List.List<Principal>>();
    for ({ subnet_id; subnet_type } in subnets.all.vals()) {
      let list = switch (Map.get(found, Text.compare, subnet_type)) {
        case (?present) present;
        case null {
          let fresh = List.empty<Principal>();
          Map.add(found, Text.compare, subnet_type, fresh);
          fresh;
        };
      };
      List.add(list, subnet_id);
    };
    Array.map<(Text, List.List<Principal>), (Text, [Principal])>(
      Map.toArray(found),
      func((name, list)) = (name, List.toArray(list)),
    );
  };

  /// Creates a canister with cycles of this canister, on the subnet that was asked for or the next of the default ones.
  public func create<system>(subnets : Subnets, choice : Choice, cycles : Nat) : async* { #Ok : Principal; #Err : Text } {
    let subnet = switch (choose(subnets, choice)) {
      case (#Ok subnet) subnet;
      case (#Err reason) return #Err reason;
    };
    let place = actor (Principal.toText(subnet)) : Types.Subnet;
    try {
      let { canister_id } = await (with cycles) place.create_canister({ settings = choice.settings });
      #Ok canister_id;
    } catch error #Err("Creating canister in subnet " # Principal.toText(subnet) # " failed with code " # debug_show Error.code(error) # ": " # Error.message(error));
  };

  func choose(subnets : Subnets, { subnet_selection; subnet_type } : Choice) : { #Ok : Principal; #Err : Text } {
    let candidates = switch (subnet_selection, subnet_type) {
      case (?(#Subnet { subnet }), null) {
        let known = Array.any<{ subnet_id : Principal; subnet_type : Text }>(subnets.all, func one = one.subnet_id == subnet);
        if (not known) return #Err("Subnet " # Principal.toText(subnet) # " does not exist");
        [subnet];
      };
      case (?(#Filter { subnet_type = ?wanted }), null) ofType(subnets, wanted);
      case (null, ?wanted) ofType(subnets, wanted);
      case (?_, ?_) return #Err("Cannot specify subnet_selection and subnet_type at the same time. Please use subnet_selection only");
      case _ subnets.defaults;
    };
    if (candidates.size() == 0) return #Err("No subnets in which to create a canister.");
    subnets.turn += 1;
    #Ok(candidates[subnets.turn % candidates.size()]);
  };

  func ofType(subnets : Subnets, wanted : Text) : [Principal] = Array.filterMap<{ subnet_id : Principal; subnet_type : Text }, Principal>(
    subnets.all,
    func({ subnet_id; subnet_type }) = if (subnet_type == wanted) ?subnet_id else null,
  );
};
