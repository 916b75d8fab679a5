/// Who may prepare uploads, commit them, and give these permissions to others. Controllers may everything.

import Principal "mo:core/Principal";
import Runtime "mo:core/Runtime";
import Set "mo:core/Set";
import Types "Types";

module {
  public type Permissions = {
    prepare : Set.Set<Principal>;
    commit : Set.Set<Principal>;
    managePermissions : Set.Set<Principal>;
  };

  public func empty() : Permissions = {
    prepare = Set.empty();
    commit = Set.empty();
    managePermissions = Set.empty();
  };

  /// The principals that hold a permission by name; controllers are not among them as such.
  public func holders(permissions : Permissions, permission : Types.Permission) : Set.Set<Principal> = switch permission {
    case (#Prepare) permissions.prepare;
    case (#Commit) permissions.commit;
    case (#ManagePermissions) permissions.managePermissions;
  };

  public func grant(permissions : Permissions, permission : Types.Permission, to : Principal) {
    Set.add(holders(permissions, permission), Principal.compare, to);
  };

  public func revoke(permissions : Permissions, permission : Types.Permission, from : Principal) {
    Set.remove(holders(permissions, permission), Principal.compare, from);
  };

  /// Whether a caller may do what a permission allows. Commit includes Prepare.
  public func allows(permissions : Permissions, permission : Types.Permission, caller : Principal) : Bool {
    if (Principal.isController(caller)) return true;
    if (permission == #Prepare and Set.contains(permissions.commit, Principal.compare, caller)) return true;
    Set.contains(holders(permissions, permission), Principal.compare, caller);
  };

  public func name(permission : Types.Permission) : Text = switch permission {
    case (#Prepare) "Prepare";
    case (#Commit) "Commit";
    case (#ManagePermissions) "ManagePermissions";
  };

  /// Traps unless the caller may.
  public func require(permissions : Permissions, permission : Types.Permission, caller : Principal) {
    if (not allows(permissions, permission, caller)) {
      let missing = "Caller does not have " # name(permission) # " permission";
      Runtime.trap(if (permission == #ManagePermissions) missing # " and is not a controller." else missing);
    };
  };

  /// Replaces all three lists.
  public func replace(permissions : Permissions, lists : Types.SetPermissions) {
    fill(permissions.prepare, lists.prepare);
    fill(permissions.commit, lists.commit);
    fill(permissions.managePermissions, lists.manage_permissions);
  };

  func fill(set : Set.Set<Principal>, members : [Principal]) {
    Set.clear(set);
    Set.addAll(set, Principal.compare, members.vals());
  };
};
