/// The methods of ICRC-1 and ICRC-2 that every ledger offers.

import List "mo:core/List";
import Nat64 "mo:core/Nat64";
import Option "mo:core/Option";
import Principal "mo:core/Principal";
import Runtime "mo:core/Runtime";
import Int "mo:core/Int";
import Time "mo:core/Time";
import Account "Account";
import Approvals "Approvals";
import Ledger "Ledger";
import Token "Token";
import Types "Types";

mixin (ledger : Ledger.Ledger, rules : Ledger.Rules, token : Token.Token, keyOf : Account.Account -> Blob) {
  func icrcNow() : Nat64 = Nat64.fromNat(Int.abs(Time.now()));

  public query func icrc1_name() : async Text { token.name };
  public query func icrc1_symbol() : async Text { token.symbol };
  public query func icrc1_decimals() : async Nat8 { token.decimals };
  public query func icrc1_fee() : async Nat { rules.fee };
  public query func icrc1_total_supply() : async Nat { ledger.supply };
  public query func icrc1_minting_account() : async ?Types.Account { token.mintingAccount };
  public query func icrc1_supported_standards() : async [Types.Standard] { Token.standards(token) };
  public query func icrc10_supported_standards() : async [Types.Standard] { Token.standards(token) };

  public query func icrc1_metadata() : async [(Text, Types.MetadataValue)] { Token.metadata(token, rules.fee) };

  public query func icrc1_balance_of(account : Types.Account) : async Nat { Ledger.balance(ledger, keyOf(account)) };

  public shared ({ caller }) func icrc1_transfer(arg : Types.TransferArg) : async { #Ok : Nat; #Err : Types.TransferError } {
    let from = keyOf({ owner = caller; subaccount = arg.from_subaccount });
    let posted = Ledger.transfer(
      ledger,
      rules,
      icrcNow(),
      { arg with from; to = keyOf(arg.to); spender = null; number : Nat64 = 0; createdAt = arg.created_at_time },
    );
    switch posted {
      case (#Ok index) #Ok index;
      case (#Err(#BadFee about)) #Err(#BadFee about);
      case (#Err(#BadBurn about)) #Err(#BadBurn about);
      case (#Err(#InsufficientFunds about)) #Err(#InsufficientFunds about);
      case (#Err(#TooOld)) #Err(#TooOld);
      case (#Err(#CreatedInFuture about)) #Err(#CreatedInFuture about);
      case (#Err(#Duplicate about)) #Err(#Duplicate about);
      case (#Err(#TemporarilyUnavailable)) #Err(#TemporarilyUnavailable);
      case (#Err(#GenericError about)) #Err(#GenericError about);
      // Nobody spends by an allowance here.
      case (#Err(#InsufficientAllowance _)) Runtime.unreachable();
    };
  };

  public shared ({ caller }) func icrc2_approve(arg : Types.ApproveArgs) : async { #Ok : Nat; #Err : Types.ApproveError } {
    if (arg.spender.owner == caller) Runtime.trap("self approval is not allowed");
    Ledger.approve(
      ledger,
      rules,
      icrcNow(),
      {
        arg with from = keyOf({ owner = caller; subaccount = arg.from_subaccount });
        spender = keyOf(arg.spender);
        expectedAllowance = arg.expected_allowance;
        expiresAt = arg.expires_at;
        createdAt = arg.created_at_time;
      },
    );
  };

  public shared ({ caller }) func icrc2_transfer_from(arg : Types.TransferFromArgs) : async { #Ok : Nat; #Err : Types.TransferFromError } {
    let spender = keyOf({ owner = caller; subaccount = arg.spender_subaccount });
    Ledger.transfer(
      ledger,
      rules,
      icrcNow(),
      { arg with from = keyOf(arg.from); to = keyOf(arg.to); spender = ?spender; number : Nat64 = 0; createdAt = arg.created_at_time },
    );
  };

  public query func icrc2_allowance({ account; spender } : { account : Types.Account; spender : Types.Account }) : async Types.Allowance {
    Approvals.get(ledger.approvals, keyOf(account), keyOf(spender), icrcNow());
  };
};
