/// An asset canister: serves a web frontend with certified answers and takes uploads from `dfx`, `icp` and `tidemark`.

import CertifiedData "mo:core/CertifiedData";
import Int "mo:core/Int";
import Map "mo:core/Map";
import Nat64 "mo:core/Nat64";
import Runtime "mo:core/Runtime";
import Set "mo:core/Set";
import Text "mo:core/Text";
import Time "mo:core/Time";
import Assets "content/Assets";
import Batches "upload/Batches";
import Cbor "mo:certification/Cbor";
import Certifier "certification/Certifier";
import ChangeApi "api/ChangeApi";
import Environment "http/Environment";
import Listing "content/Listing";
import Operations "upload/Operations";
import PathTree "mo:certification/PathTree";
import Permissions "Permissions";
import PermissionsApi "api/PermissionsApi";
import ProposalApi "api/ProposalApi";
import Proposals "upload/Proposals";
import ReadApi "api/ReadApi";
import Serve "http/Serve";
import Types "Types";
import UploadApi "api/UploadApi";

shared ({ caller = installer }) actor class AssetCanister(args : ?Types.AssetCanisterArgs) {
  let permissions = Permissions.empty();
  let assets : Assets.Assets = Map.empty();
  let uploads = Batches.empty();
  let proposals = Proposals.empty();
  var installed = false;
  var lastChange : Int = Time.now();
  var stateHash : ?Text = null;

  // Rebuilt at every installation and upgrade, so that a newer version may certify in a newer way.
  transient let certifier = Certifier.empty();
  transient var cookie : Text = Environment.cookie<system>();

  func change<system>(operations : [Types.BatchOperationKind]) {
    let touched = Set.empty<Text>();
    for (operation in operations.vals()) Operations.apply(assets, uploads, operation, touched);
    lastChange := Time.now();
    stateHash := null;
    let current = Environment.cookie<system>();
    if (current == cookie) {
      Certifier.refresh(certifier, assets, ?cookie, touched);
    } else {
      cookie := current;
      Certifier.rebuild(certifier, assets, ?cookie);
    };
  };

  if (not installed) {
    installed := true;
    Permissions.grant(permissions, #Commit, installer);
  };
  switch args {
    case (?#Init { set_permissions = ?lists } or ?#Upgrade { set_permissions = ?lists }) Permissions.replace(permissions, lists);
    case _ {};
  };
  Certifier.rebuild(certifier, assets, ?cookie);

  include PermissionsApi(permissions);
  include UploadApi(permissions, uploads, proposals, change);
  include ProposalApi(permissions, uploads, proposals, change);
  include ChangeApi(permissions, assets, uploads, change);
  include ReadApi(assets);

  public query func http_request(request : Types.HttpRequest) : async Types.HttpResponse {
    Serve.respond({ assets; certifier; cookie = ?cookie; callback = http_request_streaming_callback }, request);
  };

  public query func http_request_streaming_callback(token : Types.StreamingCallbackToken) : async ?Types.StreamingCallbackHttpResponse {
    ?Serve.stream(assets, token);
  };

  public query func certified_tree(_ : {}) : async { certificate : Blob; tree : Blob } {
    let ?certificate = CertifiedData.getCertificate() else Runtime.trap("no data certificate available");
    { certificate; tree = Cbor.encodeTree(PathTree.tree(certifier.tree)) };
  };

  public func compute_state_hash() : async ?Text {
    stateHash := ?Listing.stateHash(assets);
    stateHash;
  };

  public query func get_state_info() : async Types.StateInfo {
    { last_state_update_timestamp = Nat64.fromNat(Int.toNat(lastChange)); state_hash = stateHash };
  };
};
