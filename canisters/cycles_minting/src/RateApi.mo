/// The methods about the price of ICP.

import Governance "Governance";
import Rate "Rate";
import Types "Types";

mixin (rates : Rate.Rates) {
  public query func get_icp_xdr_conversion_rate() : async Types.RateResponse { Rate.response(rates, Rate.currentName) };
  public query func get_average_icp_xdr_conversion_rate() : async Types.RateResponse { Rate.response(rates, Rate.averageName) };

  /// Sets the price, for governance and controllers.
  public shared ({ caller }) func set_icp_xdr_conversion_rate(args : { data_source : Text; timestamp_seconds : Nat64; xdr_permyriad_per_icp : Nat64 }) : async {
    #Ok;
    #Err : Text;
  } {
    if (not Governance.mayChange(caller)) return #Err("Only governance and controllers of this canister may set the price.");
    if (args.xdr_permyriad_per_icp == 0) return #Err("Proposed conversion rate must be greater than 0");
    Rate.set<system>(rates, ?args.xdr_permyriad_per_icp);
    #Ok;
  };
};
