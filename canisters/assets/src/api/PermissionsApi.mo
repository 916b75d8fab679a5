/// Methods that tell and change who may do what.

import Principal "mo:core/Principal";
import Runtime "mo:core/Runtime";
import Set "mo:core/Set";
import Permissions "../Permissions";
import Types "../Types";

mixin (permissions : Permissions.Permissions) {
  public shared ({ caller }) func grant_permission(args : Types.GrantPermission) : async () {
    Permissions.require(permissions, #ManagePermissions, caller);
    Permissions.grant(permissions, args.permission, args.to_principal);
  };

  /// Everyone may give up an own permission; others' take ManagePermissions.
  public shared ({ caller }) func revoke_permission(args : Types.RevokePermission) : async () {
    if (caller != args.of_principal) Permissions.require(permissions, #ManagePermissions, caller);
    Permissions.revoke(permissions, args.permission, args.of_principal);
  };

  public func list_permitted(args : { permission : Types.Permission }) : async [Principal] {
    Set.toArray(Permissions.holders(permissions, args.permission));
  };

  /// The older names: "authorized" means holding Commit.
  public shared ({ caller }) func authorize(principal : Principal) : async () {
    Permissions.require(permissions, #ManagePermissions, caller);
    Permissions.grant(permissions, #Commit, principal);
  };

  public shared ({ caller }) func deauthorize(principal : Principal) : async () {
    if (caller != principal) Permissions.require(permissions, #ManagePermissions, caller);
    Permissions.revoke(permissions, #Commit, principal);
  };

  public func list_authorized() : async [Principal] { Set.toArray(permissions.commit) };

  /// A controller makes itself the only one with a permission.
  public shared ({ caller }) func take_ownership() : async () {
    if (not Principal.isController(caller)) Runtime.trap("Caller is not a controller.");
    Permissions.replace(permissions, { prepare = []; commit = [caller]; manage_permissions = [] });
  };

  public func validate_grant_permission(args : Types.GrantPermission) : async Types.ValidationResult {
    #Ok("grant " # Permissions.name(args.permission) # " permission to principal " # Principal.toText(args.to_principal));
  };

  public func validate_revoke_permission(args : Types.RevokePermission) : async Types.ValidationResult {
    #Ok("revoke " # Permissions.name(args.permission) # " permission from principal " # Principal.toText(args.of_principal));
  };

  public func validate_take_ownership() : async Types.ValidationResult {
    #Ok("revoke all permissions, then gives the caller Commit permissions");
  };
};
