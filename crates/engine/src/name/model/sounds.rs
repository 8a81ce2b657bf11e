//! What sounds cost that romanisations write for one another, in hundredths of an edit.
//!
//! A sound is a byte: small letters are themselves, capitals are digraphs (`S` sh, `C` ch, `Z` zh, `J` j and dj, `G`
//! gh), `x` is kh and `c` is ts.

/// A whole edit.
pub(crate) const WHOLE: u16 = 100;
/// What the last vowel costs where it is the other of `a` and `o`: it distinguishes Mario from Maria.
pub(crate) const LAST_VOWEL: u16 = 60;
/// From this on two first sounds begin two words.
pub(crate) const APART: u16 = 60;

/// What a sound that only one word has costs.
pub(crate) const MISSING: [u16; 128] = with_vowels([WHOLE; 128], 40, &[(b'h', 30), (b'i', 30)]);

/// The same where one word leaves short vowels out.
pub(crate) const MISSING_UNVOWELLED: [u16; 128] = with_vowels(MISSING, 10, &[]);

/// Sounds written for one another.
const CLOSE: &[(u8, u8, u16)] = &[
    (b'a', b'e', 20),
    (b'a', b'o', 25),
    (b'a', b'i', 40),
    (b'a', b'u', 35),
    (b'e', b'i', 15),
    (b'e', b'o', 40),
    (b'e', b'u', 45),
    (b'i', b'o', 50),
    (b'i', b'u', 45),
    (b'o', b'u', 15),
    (b'g', b'k', 40),
    (b'g', b'G', 15),
    (b'G', b'k', 30),
    (b'G', b'x', 40),
    (b'G', b'h', 40),
    (b'g', b'h', 50),
    (b'x', b'k', 25),
    (b'x', b'h', 15),
    (b'x', b'C', 60),
    (b'b', b'p', 45),
    (b'd', b't', 40),
    (b'd', b'z', 50),
    (b'v', b'f', 40),
    (b'v', b'b', 50),
    (b'v', b'u', 40),
    // Vav is one of the two.
    (b'v', b'o', 40),
    (b's', b'z', 30),
    (b's', b'S', 35),
    (b's', b'c', 40),
    (b't', b's', 60),
    (b'z', b'c', 30),
    (b'z', b'Z', 35),
    (b'z', b'J', 40),
    (b'S', b'C', 40),
    (b'S', b'Z', 45),
    (b'C', b'c', 40),
    (b'C', b'J', 40),
    (b'C', b'Z', 40),
    (b'C', b'k', 60),
    (b'J', b'Z', 20),
    (b'J', b'i', 25),
    (b'J', b'g', 35),
    (b'l', b'r', 70),
    (b'm', b'n', 70),
];

/// The cost of one sound for another, by the lower six bits of both.
pub(crate) static SWAP: [[u8; 64]; 64] = COSTS;

const COSTS: [[u8; 64]; 64] = {
    let mut cost = [[WHOLE as u8; 64]; 64];
    let mut at = 0;
    while at < 64 {
        cost[at][at] = 0;
        at += 1;
    }
    at = 0;
    while at < CLOSE.len() {
        let (a, b, points) = CLOSE[at];
        cost[(a & 63) as usize][(b & 63) as usize] = points as u8;
        cost[(b & 63) as usize][(a & 63) as usize] = points as u8;
        at += 1;
    }
    cost
};

/// For each sound, itself and those close to it, a bit each.
pub(crate) static NEAR: [u64; 64] = {
    let mut near = [0u64; 64];
    let mut at = 0;
    while at < 64 {
        let mut other = 0;
        while other < 64 {
            if (COSTS[at][other] as u16) < WHOLE {
                near[at] |= 1 << other;
            }
            other += 1;
        }
        at += 1;
    }
    near
};

const fn with_vowels(mut cost: [u16; 128], vowel: u16, others: &[(u8, u16)]) -> [u16; 128] {
    let vowels = b"aeiou";
    let mut at = 0;
    while at < vowels.len() {
        cost[vowels[at] as usize] = vowel;
        at += 1;
    }
    at = 0;
    while at < others.len() {
        cost[others[at].0 as usize] = others[at].1;
        at += 1;
    }
    cost
}
