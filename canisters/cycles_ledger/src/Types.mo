/// Arguments and results of the cycles ledger's own methods.

import Map "mo:core/Map";
import Account "mo:ledger/Account";
import LedgerTypes "mo:ledger/Types";

module {
  public type Account = Account.Account;

  public type LedgerArgs = {
    #Init : { max_blocks_per_request : Nat64; index_id : ?Principal; initial_balances : ?[(Account, Nat)] };
    #Upgrade : ?{ max_blocks_per_request : ?Nat64 };
  };

  public type Created = Map.Map<Nat, Principal>;

  public type RejectionCode = {
    #NoError;
    #SysFatal;
    #SysTransient;
    #DestinationInvalid;
    #CanisterReject;
    #CanisterError;
    #Unknown;
  };

  /// What any way of spending may meet.
  public type SpendError = {
    #InsufficientFunds : { balance : Nat };
    #TooOld;
    #CreatedInFuture : { ledger_time : Nat64 };
    #TemporarilyUnavailable;
    #GenericError : { error_code : Nat; message : Text };
  };

  public type WithdrawArgs = { amount : Nat; from_subaccount : ?Blob; to : Principal; created_at_time : ?Nat64 };
  public type WithdrawFromArgs = {
    spender_subaccount : ?Blob;
    from : Account;
    to : Principal;
    amount : Nat;
    created_at_time : ?Nat64;
  };

  public type WithdrawError = SpendError or {
    #BadFee : { expected_fee : Nat };
    #Duplicate : { duplicate_of : Nat };
    #InvalidReceiver : { receiver : Principal };
    #FailedToWithdraw : { fee_block : ?Nat; rejection_code : RejectionCode; rejection_reason : Text };
  };
  public type WithdrawFromError = SpendError or {
    #Duplicate : { duplicate_of : Nat };
    #InvalidReceiver : { receiver : Principal };
    #InsufficientAllowance : { allowance : Nat };
    #FailedToWithdrawFrom : {
      withdraw_from_block : ?Nat;
      refund_block : ?Nat;
      approval_refund_block : ?Nat;
      rejection_code : RejectionCode;
      rejection_reason : Text;
    };
  };

  public type Visibility = { #controllers; #public_; #allowed_viewers : [Principal] };

  public type CanisterSettings = {
    controllers : ?[Principal];
    compute_allocation : ?Nat;
    memory_allocation : ?Nat;
    freezing_threshold : ?Nat;
    reserved_cycles_limit : ?Nat;
    wasm_memory_limit : ?Nat;
    wasm_memory_threshold : ?Nat;
    log_memory_limit : ?Nat;
    log_visibility : ?Visibility;
    snapshot_visibility : ?Visibility;
    status_visibility : ?Visibility;
    environment_variables : ?[{ name : Text; value : Text }];
    minimum_incoming_canister_call_cycles : ?Nat;
  };

  public type SubnetSelection = { #Subnet : { subnet : Principal }; #Filter : { subnet_type : ?Text } };
  public type CreationArgs = { settings : ?CanisterSettings; subnet_selection : ?SubnetSelection };

  public type CreateCanisterArgs = {
    from_subaccount : ?Blob;
    created_at_time : ?Nat64;
    amount : Nat;
    creation_args : ?CreationArgs;
  };
  public type CreateCanisterFromArgs = {
    from : Account;
    spender_subaccount : ?Blob;
    created_at_time : ?Nat64;
    amount : Nat;
    creation_args : ?CreationArgs;
  };

  public type CreateCanisterSuccess = { block_id : Nat; canister_id : Principal };
  public type CreateCanisterError = SpendError or {
    #Duplicate : { duplicate_of : Nat; canister_id : ?Principal };
    #FailedToCreate : { fee_block : ?Nat; refund_block : ?Nat; error : Text };
  };
  public type CreateCanisterFromError = SpendError or {
    #InsufficientAllowance : { allowance : Nat };
    #Duplicate : { duplicate_of : Nat; canister_id : ?Principal };
    #FailedToCreateFrom : {
      create_from_block : ?Nat;
      refund_block : ?Nat;
      approval_refund_block : ?Nat;
      rejection_code : RejectionCode;
      rejection_reason : Text;
    };
  };

  public type CmcError = {
    #Refunded : { refund_amount : Nat; create_error : Text };
    #RefundFailed : { create_error : Text; refund_error : Text };
  };
  public type CyclesMinting = actor { create_canister : CreationArgs -> async { #Ok : Principal; #Err : CmcError } };

  /// What a ledger's book may refuse, of that which a burn can meet.
  public type BookError = LedgerTypes.TransferFromError;
};
