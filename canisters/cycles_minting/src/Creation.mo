/// Which subnet a new canister goes to, and its creation there.

import Array "mo:core/Array";
import Error "mo:core/Error";
import Map "mo:core/Map";
import Principal "mo:core/Principal";
import Text "mo:core/Text";
import Settings "../../cycles_ledger/src/Settings";
import Types "Types";

module {
  public type Subnets = {
    /// For whoever has no list of its own.
    var defaults : [Principal];
    lists : Map.Map<Principal, [Principal]>;
    /// Subnets that a creation can ask for by type; they are on no list.
    types : Map.Map<Text, [Principal]>;
    /// Counts creations, so that they go round the subnets.
    var turn : Nat;
  };

  public type Choice = { settings : ?Types.CanisterSettings; subnet_selection : ?Types.SubnetSelection; subnet_type : ?Text };

  public func empty() : Subnets = { var defaults = []; lists = Map.empty(); types = Map.empty(); var turn = 0 };

  public func configure(subnets : Subnets, defaults : [Principal], typed : [{ subnet_id : Principal; subnet_type : Text }]) {
    subnets.defaults := defaults;
    for ({ subnet_id; subnet_type } in typed.vals()) assign(subnets, subnet_type, subnet_id);
  };

  /// Adds a subnet to a type, which there is from then on.
  public func assign(subnets : Subnets, subnet_type : Text, subnet : Principal) {
    Map.add(subnets.types, Text.compare, subnet_type, Array.concat(ofType(subnets, subnet_type), [subnet]));
  };

  public func ofType(subnets : Subnets, wanted : Text) : [Principal] = switch (Map.get(subnets.types, Text.compare, wanted)) {
    case (?found) found;
    case null [];
  };

  /// Whether a subnet can be asked for by its type.
  public func isTyped(subnets : Subnets, subnet : Principal) : Bool {
    for (list in Map.values(subnets.types)) if (contains(list, subnet)) return true;
    false;
  };

  /// The same choice, with `controller` as the only controller where no controllers are named.
  public func ownedBy({ settings; subnet_selection; subnet_type } : Choice, controller : Principal) : Choice {
    { settings = ?Settings.withController(settings, controller); subnet_selection; subnet_type };
  };

  /// Creates a canister with cycles of this canister, on the subnet that was asked for or the next of those for `who`.
  public func create<system>(subnets : Subnets, who : Principal, choice : Choice, cycles : Nat) : async* { #Ok : Principal; #Err : Text } {
    let subnet = switch (choose(subnets, who, choice)) {
      case (#Ok subnet) subnet;
      case (#Err reason) return #Err reason;
    };
    let place = actor (Principal.toText(subnet)) : Types.Subnet;
    try {
      let { canister_id } = await (with cycles) place.create_canister({ settings = choice.settings });
      #Ok canister_id;
    } catch error #Err("Creating canister in subnet " # Principal.toText(subnet) # " failed with code " # debug_show Error.code(error) # ": " # Error.message(error));
  };

  func choose(subnets : Subnets, who : Principal, { subnet_selection; subnet_type } : Choice) : { #Ok : Principal; #Err : Text } {
    let candidates = switch (subnet_selection, subnet_type) {
      case (?(#Subnet { subnet }), null) {
        if (not (contains(subnets.defaults, subnet) or contains(listOf(subnets, who), subnet) or isTyped(subnets, subnet))) {
          return #Err("Subnet " # Principal.toText(subnet) # " does not exist or " # Principal.toText(who) # " is not authorized to deploy to that subnet.");
        };
        [subnet];
      };
      case (?(#Filter { subnet_type = ?wanted }), null) ofType(subnets, wanted);
      case (null, ?wanted) ofType(subnets, wanted);
      case (?_, ?_) return #Err("Cannot specify subnet_selection and subnet_type at the same time. Please use subnet_selection only");
      case _ listOf(subnets, who);
    };
    if (candidates.size() == 0) return #Err("No subnets in which to create a canister.");
    subnets.turn += 1;
    #Ok(candidates[subnets.turn % candidates.size()]);
  };

  func listOf(subnets : Subnets, who : Principal) : [Principal] = switch (Map.get(subnets.lists, Principal.compare, who)) {
    case (?own) own;
    case null subnets.defaults;
  };

  func contains(list : [Principal], subnet : Principal) : Bool = Array.any<Principal>(list, func one = one == subnet);
};
