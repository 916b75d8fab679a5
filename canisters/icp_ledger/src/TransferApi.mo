/// The methods of the first interface that move tokens and tell balances.

import Int "mo:core/Int";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Runtime "mo:core/Runtime";
import Time "mo:core/Time";
import Ledger "mo:ledger/Ledger";
import Recent "mo:ledger/Recent";
import Token "mo:ledger/Token";
import AccountIdentifier "AccountIdentifier";
import Types "Types";

mixin (ledger : Ledger.Ledger, rules : Ledger.Rules, token : Token.Token) {
  func send(caller : Principal, to : Blob, args : { memo : Nat64; amount : Types.Tokens; fee : Types.Tokens; from_subaccount : ?Blob; created_at_time : ?Types.TimeStamp }) : {
    #Ok : Nat64;
    #Err : Types.TransferError;
  } {
    let request : Ledger.TransferRequest = {
      from = AccountIdentifier.fromAccount({ owner = caller; subaccount = args.from_subaccount });
      to = AccountIdentifier.require(to);
      spender = null;
      amount = Nat64.toNat(args.amount.e8s);
      fee = ?Nat64.toNat(args.fee.e8s);
      memo = null;
      number = args.memo;
      createdAt = switch (args.created_at_time) {
        case (?{ timestamp_nanos }) ?timestamp_nanos;
        case null null;
      };
    };
    switch (Ledger.transfer(ledger, rules, Nat64.fromNat(Int.abs(Time.now())), request)) {
      case (#Ok index) #Ok(Nat64.fromNat(index));
      case (#Err(#BadFee { expected_fee })) #Err(#BadFee { expected_fee = { e8s = Nat64.fromNat(expected_fee) } });
      case (#Err(#InsufficientFunds { balance })) #Err(#InsufficientFunds { balance = { e8s = Nat64.fromNat(balance) } });
      case (#Err(#TooOld)) #Err(#TxTooOld { allowed_window_nanos = Recent.window });
      case (#Err(#CreatedInFuture _)) #Err(#TxCreatedInFuture);
      case (#Err(#Duplicate { duplicate_of })) #Err(#TxDuplicate { duplicate_of = Nat64.fromNat(duplicate_of) });
      case (#Err(#BadBurn { min_burn_amount })) Runtime.trap("burns of less than " # Nat.toText(min_burn_amount) # " e8s are not allowed");
      case (#Err(#InsufficientAllowance _ or #TemporarilyUnavailable or #GenericError _)) Runtime.unreachable();
    };
  };

  public shared ({ caller }) func transfer(args : Types.TransferArgs) : async { #Ok : Nat64; #Err : Types.TransferError } {
    send(caller, args.to, args);
  };

  /// As `transfer`, with the receiver in hexadecimal digits; traps where that one answers with an error.
  public shared ({ caller }) func send_dfx(args : Types.SendArgs) : async Nat64 {
    switch (send(caller, AccountIdentifier.fromText(args.to), args)) {
      case (#Ok index) index;
      case (#Err error) Runtime.trap(debug_show error);
    };
  };

  public query func account_balance({ account } : { account : Blob }) : async Types.Tokens {
    { e8s = Nat64.fromNat(Ledger.balance(ledger, AccountIdentifier.require(account))) };
  };

  public query func account_balance_dfx({ account } : { account : Text }) : async Types.Tokens {
    { e8s = Nat64.fromNat(Ledger.balance(ledger, AccountIdentifier.fromText(account))) };
  };

  public query func account_identifier(account : Types.Account) : async Blob { AccountIdentifier.fromAccount(account) };
  public query func transfer_fee(_ : {}) : async { transfer_fee : Types.Tokens } { { transfer_fee = { e8s = Nat64.fromNat(rules.fee) } } };
  public query func symbol() : async { symbol : Text } { { symbol = token.symbol } };
  public query func name() : async { name : Text } { { name = token.name } };
  public query func decimals() : async { decimals : Nat32 } { { decimals = 8 } };
};
