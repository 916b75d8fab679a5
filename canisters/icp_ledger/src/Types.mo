/// Arguments and results of the ledger's first interface, older than ICRC-1.

import Account "mo:ledger/Account";

module {
  public type Account = Account.Account;
  /// Amounts in 10^-8 ICP.
  public type Tokens = { e8s : Nat64 };
  public type TimeStamp = { timestamp_nanos : Nat64 };

  public type InitArgs = {
    minting_account : Text;
    icrc1_minting_account : ?Account;
    initial_values : [(Text, Tokens)];
    transfer_fee : ?Tokens;
    token_symbol : ?Text;
    token_name : ?Text;
  };
  public type LedgerCanisterPayload = { #Init : InitArgs; #Upgrade : ?{ icrc1_minting_account : ?Account } };

  public type TransferArgs = {
    memo : Nat64;
    amount : Tokens;
    fee : Tokens;
    from_subaccount : ?Blob;
    to : Blob;
    created_at_time : ?TimeStamp;
  };
  public type SendArgs = {
    memo : Nat64;
    amount : Tokens;
    fee : Tokens;
    from_subaccount : ?Blob;
    to : Text;
    created_at_time : ?TimeStamp;
  };
  public type TransferError = {
    #BadFee : { expected_fee : Tokens };
    #InsufficientFunds : { balance : Tokens };
    #TxTooOld : { allowed_window_nanos : Nat64 };
    #TxCreatedInFuture;
    #TxDuplicate : { duplicate_of : Nat64 };
  };

  public type Operation = {
    #Mint : { to : Blob; amount : Tokens };
    #Burn : { from : Blob; spender : ?Blob; amount : Tokens };
    #Transfer : { from : Blob; to : Blob; amount : Tokens; fee : Tokens; spender : ?Blob };
    #Approve : {
      from : Blob;
      spender : Blob;
      allowance_e8s : Int;
      allowance : Tokens;
      fee : Tokens;
      expires_at : ?TimeStamp;
      expected_allowance : ?Tokens;
    };
  };
  public type Transaction = { memo : Nat64; icrc1_memo : ?Blob; operation : ?Operation; created_at_time : TimeStamp };
  public type Block = { parent_hash : ?Blob; transaction : Transaction; timestamp : TimeStamp };

  public type GetBlocksArgs = { start : Nat64; length : Nat64 };
  public type ArchiveError = {
    #BadFirstBlockIndex : { requested_index : Nat64; first_valid_index : Nat64 };
    #Other : { error_code : Nat64; error_message : Text };
  };
  public type ArchivedBlocks = {
    start : Nat64;
    length : Nat64;
    callback : shared query GetBlocksArgs -> async { #Ok : { blocks : [Block] }; #Err : ArchiveError };
  };
  public type QueryBlocksResponse = {
    chain_length : Nat64;
    certificate : ?Blob;
    blocks : [Block];
    first_block_index : Nat64;
    archived_blocks : [ArchivedBlocks];
  };
};
