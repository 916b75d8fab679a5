/// A cycles minting canister for local networks: ICP becomes cycles, canisters are created on a subnet of choice, at the
/// id and with the interface that clients know from mainnet.
///
/// The cycles that it hands out are those that it was created with: a canister in Motoko cannot make any.

import Principal "mo:core/Principal";
import Creation "Creation";
import CreationApi "CreationApi";
import NotifyApi "NotifyApi";
import Payments "Payments";
import Rate "Rate";
import RateApi "RateApi";
import SubnetsApi "SubnetsApi";
import Types "Types";

shared actor class CyclesMinting(args : ?Types.InitArgs) = self {
  let payments = Payments.empty();
  let rates = Rate.empty();
  let subnets = Creation.empty();

  switch args {
    case (?{ default_subnets; subnets = all; xdr_permyriad_per_icp }) {
      Creation.configure(subnets, default_subnets, all);
      Rate.set<system>(rates, xdr_permyriad_per_icp);
    };
    case null Rate.set<system>(rates, null);
  };

  include RateApi(rates);
  include CreationApi(subnets);
  include SubnetsApi(subnets);
  include NotifyApi(payments, rates, subnets, func() : Principal = Principal.fromActor(self));

  public query func total_cycles_minted() : async Nat64 { Payments.minted(payments) };
};
