/// Arguments and results of ICRC-1 and ICRC-2.

import Account "Account";

module {
  public type Account = Account.Account;

  public type TransferArg = {
    from_subaccount : ?Blob;
    to : Account;
    amount : Nat;
    fee : ?Nat;
    memo : ?Blob;
    created_at_time : ?Nat64;
  };

  public type TransferFromArgs = {
    spender_subaccount : ?Blob;
    from : Account;
    to : Account;
    amount : Nat;
    fee : ?Nat;
    memo : ?Blob;
    created_at_time : ?Nat64;
  };

  public type ApproveArgs = {
    from_subaccount : ?Blob;
    spender : Account;
    amount : Nat;
    expected_allowance : ?Nat;
    expires_at : ?Nat64;
    fee : ?Nat;
    memo : ?Blob;
    created_at_time : ?Nat64;
  };

  /// What any transaction may meet. Times in nanoseconds since 1970.
  public type CommonError = {
    #BadFee : { expected_fee : Nat };
    #InsufficientFunds : { balance : Nat };
    #TooOld;
    #CreatedInFuture : { ledger_time : Nat64 };
    #Duplicate : { duplicate_of : Nat };
    #TemporarilyUnavailable;
    #GenericError : { error_code : Nat; message : Text };
  };

  public type TransferError = CommonError or { #BadBurn : { min_burn_amount : Nat } };
  public type TransferFromError = TransferError or { #InsufficientAllowance : { allowance : Nat } };
  public type ApproveError = CommonError or {
    #AllowanceChanged : { current_allowance : Nat };
    #Expired : { ledger_time : Nat64 };
  };

  /// An allowance, 0 when there is none or it has expired.
  public type Allowance = { allowance : Nat; expires_at : ?Nat64 };

  public type MetadataValue = { #Nat : Nat; #Int : Int; #Text : Text; #Blob : Blob };
  public type Standard = { name : Text; url : Text };
};
