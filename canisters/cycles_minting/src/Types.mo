/// Arguments and results of the cycles minting canister.

import CyclesLedger "../../cycles_ledger/src/Types";
import IcpLedger "../../icp_ledger/src/Types";

module {
  public type CanisterSettings = CyclesLedger.CanisterSettings;
  public type SubnetSelection = CyclesLedger.SubnetSelection;
  public type BlockIndex = Nat64;

  /// What a local network tells the canister of itself.
  public type InitArgs = {
    /// Where a canister goes when nobody says where.
    default_subnets : [Principal];
    /// Subnets that a creation can ask for by type.
    subnets : [{ subnet_id : Principal; subnet_type : Text }];
    /// Price of one ICP in 10,000ths of an XDR; a trillion cycles cost one XDR.
    xdr_permyriad_per_icp : ?Nat64;
  };

  public type CreateCanisterArg = {
    settings : ?CanisterSettings;
    subnet_selection : ?SubnetSelection;
    subnet_type : ?Text;
  };

  public type SetAuthorizedSubnetworkListArgs = { who : ?Principal; subnets : [Principal] };
  public type UpdateSubnetTypeArgs = { #Add : Text; #Remove : Text };
  public type SubnetListWithType = { subnets : [Principal]; subnet_type : Text };
  public type ChangeSubnetTypeAssignmentArgs = { #Add : SubnetListWithType; #Remove : SubnetListWithType };

  public type NotifyTopUpArg = { block_index : BlockIndex; canister_id : Principal };
  public type NotifyCreateCanisterArg = {
    block_index : BlockIndex;
    controller : Principal;
    settings : ?CanisterSettings;
    subnet_selection : ?SubnetSelection;
    subnet_type : ?Text;
  };
  public type NotifyMintCyclesArg = { block_index : BlockIndex; to_subaccount : ?Blob; deposit_memo : ?Blob };
  public type NotifyMintCyclesSuccess = { block_index : Nat; minted : Nat; balance : Nat };

  public type NotifyError = {
    #Refunded : { reason : Text; block_index : ?BlockIndex };
    #Processing;
    #TransactionTooOld : BlockIndex;
    #InvalidTransaction : Text;
    #Other : { error_code : Nat64; error_message : Text };
  };

  public type Rate = { timestamp_seconds : Nat64; xdr_permyriad_per_icp : Nat64 };
  public type RateResponse = { data : Rate; hash_tree : Blob; certificate : Blob };

  /// How a payment ended.
  public type Settled = {
    #ToppedUp : Nat;
    #Created : Principal;
    #Minted : NotifyMintCyclesSuccess;
    #Failed : NotifyError;
  };

  public type IcpLedger = actor {
    query_blocks : IcpLedger.GetBlocksArgs -> async IcpLedger.QueryBlocksResponse;
    transfer : IcpLedger.TransferArgs -> async { #Ok : Nat64; #Err : IcpLedger.TransferError };
  };
  public type CyclesLedger = actor {
    deposit : { to : CyclesLedger.Account; memo : ?Blob } -> async { balance : Nat; block_index : Nat };
  };
  public type Management = actor { deposit_cycles : { canister_id : Principal } -> async () };
  public type Subnet = actor { create_canister : { settings : ?CanisterSettings } -> async { canister_id : Principal } };
};
