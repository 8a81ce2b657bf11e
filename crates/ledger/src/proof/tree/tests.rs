use super::*;
use crate::bytes::hex;
use std::convert::Infallible;

struct Leaves(Vec<Digest>);

impl Hashes for Leaves {
    type Error = Infallible;

    fn at(&self, height: u32, index: u64) -> Result<Digest, Infallible> {
        let (start, end) = ((index << height) as usize, ((index + 1) << height) as usize);
        let mut level = self.0[start..end].to_vec();
        while level.len() > 1 {
            level = level.chunks(2).map(|pair| node(&pair[0], &pair[1])).collect();
        }
        Ok(level[0])
    }
}

/// The leaves and roots of the reference implementation of Certificate Transparency.
const LEAVES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

#[test]
fn roots_are_those_of_certificate_transparency() {
    let mut range = Range::default();
    assert_eq!(range.root(), empty_root());
    for (leaf, root) in LEAVES.iter().zip(ROOTS) {
        range.push(sha256(&[&[0], leaf]));
        assert_eq!(hex(&range.root()), root);
    }
}

#[test]
fn every_proof_of_every_tree_holds_and_no_other_does() {
    let leaves: Vec<Digest> = (0..70_u8).map(|n| sha256(&[&[0], &[n]])).collect();
    let hashes = Leaves(leaves.clone());
    let roots: Vec<Digest> = (0..=70).map(|n| range(&hashes, n).unwrap().root()).collect();
    for size in 1..=70 {
        for index in 0..size {
            let proof = inclusion(&hashes, index, size).unwrap();
            let root = |leaf: u64| root_by_inclusion(leaves[leaf as usize], index, size, &proof);
            assert_eq!(root(index), Some(roots[size as usize]), "{index} of {size}");
            assert_ne!(root((index + 1) % 70), Some(roots[size as usize]));
            if !proof.is_empty() {
                assert_eq!(root_by_inclusion(leaves[index as usize], index, size, &proof[1..]), None);
            }
        }
        for old in 0..=size {
            let proof = consistency(&hashes, old, size).unwrap();
            let holds = |old_root| is_consistent(old, old_root, size, roots[size as usize], &proof);
            assert!(holds(roots[old as usize]), "{old} to {size}");
            assert!(old == 0 || !holds(roots[(old - 1) as usize]), "{old} to {size}");
        }
    }
}
