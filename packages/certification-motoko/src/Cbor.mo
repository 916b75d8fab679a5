/// The few CBOR forms (RFC 8949) that a certified answer needs: byte strings, texts, arrays, tag 55799.

import Array "mo:core/Array";
import Blob "mo:core/Blob";
import List "mo:core/List";
import Nat8 "mo:core/Nat8";
import Text "mo:core/Text";
import HashTree "HashTree";

module {
  type Output = List.List<Nat8>;

  /// A hash tree as the interface specification encodes it, self-described.
  public func encodeTree(tree : HashTree.Tree) : Blob {
    let output = selfDescribed();
    writeTree(output, tree);
    Blob.fromArray(List.toArray(output));
  };

  /// A list of texts, self-described; the form of `expr_path`.
  public func encodeTexts(texts : [Text]) : Blob {
    let output = selfDescribed();
    writeHead(output, 4, texts.size());
    for (text in texts.vals()) writeText(output, text);
    Blob.fromArray(List.toArray(output));
  };

  /// A canister signature: a certificate, and the tree whose digest it certifies, self-described.
  public func encodeSignature(certificate : Blob, tree : HashTree.Tree) : Blob {
    let output = selfDescribed();
    writeHead(output, 5, 2);
    writeText(output, "certificate");
    writeHead(output, 2, certificate.size());
    writeBytes(output, certificate);
    writeText(output, "tree");
    writeTree(output, tree);
    Blob.fromArray(List.toArray(output));
  };

  func selfDescribed() : Output = List.fromArray<Nat8>([0xd9, 0xd9, 0xf7]);

  func writeText(output : Output, text : Text) {
    let bytes = Text.encodeUtf8(text);
    writeHead(output, 3, bytes.size());
    writeBytes(output, bytes);
  };

  func writeTree(output : Output, tree : HashTree.Tree) = switch tree {
    case (#empty) writeNode(output, 0, []);
    case (#fork node) {
      writeNode(output, 1, []);
      writeTree(output, node.left);
      writeTree(output, node.right);
    };
    case (#labeled node) {
      writeNode(output, 2, [node.name]);
      writeTree(output, node.subtree);
    };
    case (#leaf node) writeNode(output, 3, [node.content]);
    case (#pruned digest) writeNode(output, 4, [digest]);
  };

  // Array length by node kind: empty 1, fork 3, labelled 3, leaf 2, pruned 2.
  let lengths = [1, 3, 3, 2, 2];

  func writeNode(output : Output, kind : Nat, blobs : [Blob]) {
    writeHead(output, 4, lengths[kind]);
    writeHead(output, 0, kind);
    Array.forEach<Blob>(
      blobs,
      func bytes {
        writeHead(output, 2, bytes.size());
        writeBytes(output, bytes);
      },
    );
  };

  func writeHead(output : Output, major : Nat8, value : Nat) {
    let kind = major << 5;
    if (value < 24) {
      List.add(output, kind | Nat8.fromNat(value));
    } else if (value < 0x100) {
      List.add(output, kind | 24);
      List.add(output, Nat8.fromNat(value));
    } else if (value < 0x1_0000) {
      List.add(output, kind | 25);
      writeBigEndian(output, value, 2);
    } else {
      List.add(output, kind | 26);
      writeBigEndian(output, value, 4);
    };
  };

  func writeBigEndian(output : Output, value : Nat, width : Nat) {
    var scale = 256 ** (width - 1 : Nat);
    while (scale > 0) {
      List.add(output, Nat8.fromNat((value / scale) % 256));
      scale /= 256;
    };
  };

  func writeBytes(output : Output, bytes : Blob) {
    for (byte in bytes.vals()) List.add(output, byte);
  };
};
