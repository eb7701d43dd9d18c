//! Arithmetic modulo an odd number, for checking signatures.
//!
//! Not for making signatures: the time that it takes depends on the numbers. The crates that
//! guard against that are ten times as large, and nothing here is worth guarding, for nobody
//! measures what a page computes for the one who opened it.

use std::cmp::Ordering;

/// Most bits of a modulus that are computed with; Go's TLS refuses larger RSA keys.
const MAX_BITS: usize = 8_192;

/// An odd number above one, and what Montgomery multiplication by it needs.
pub(super) struct Modulus {
    /// Limbs of 32 bits, the lowest first, as in every [`Number`].
    n: Vec<u32>,
    /// Minus the inverse of the lowest limb, modulo 2^32.
    n_inverse: u32,
    /// R, the number just above the limbs, modulo `n`: one in Montgomery form.
    one: Number,
    /// The square of R, modulo `n`.
    r_squared: Number,
}

/// A number below a [`Modulus`], in Montgomery form.
pub(super) type Number = Vec<u32>;

impl Modulus {
    /// The modulus with these big-endian digits; none when it is even or too small or large.
    pub(super) fn new(digits: &[u8]) -> Option<Modulus> {
        let zeros = digits.iter().take_while(|it| **it == 0).count();
        let digits = digits.get(zeros..)?;
        if MAX_BITS < digits.len() * 8 || matches!(digits, [] | [0 | 1]) {
            return None;
        }
        let n = limbs(digits, digits.len().div_ceil(4));
        let lowest = *n.first()?;
        if lowest & 1 == 0 {
            return None;
        }
        // Newton's method doubles the number of right bits: 5, 10, 20, 40.
        let mut inverse = lowest.wrapping_mul(3) ^ 2;
        for _ in 0..3 {
            inverse = inverse.wrapping_mul(2u32.wrapping_sub(lowest.wrapping_mul(inverse)));
        }
        let mut it = Modulus {
            one: vec![0; n.len()],
            r_squared: Vec::new(),
            n_inverse: inverse.wrapping_neg(),
            n,
        };
        it.one = it.r();
        it.r_squared = it.square_of_r();
        Some(it)
    }

    /// R modulo `n`, by doublings of the largest power of two below `n`.
    fn r(&self) -> Number {
        let mut it = self.zero();
        let zeros = self.n.last().map_or(0, |it| it.leading_zeros());
        if let Some(highest) = it.last_mut() {
            *highest = 1 << (31 - zeros);
        }
        for _ in 0..=zeros {
            it = self.add(&it, &it);
        }
        it
    }

    /// R times R, from R by doublings and Montgomery squarings.
    fn square_of_r(&self) -> Number {
        let n_bits = 32 * self.n.len();
        // R times 2^k squared in Montgomery form is R times 2^2k: begin with an odd part of
        // the number of bits, and square until it is whole.
        let squarings = n_bits.trailing_zeros();
        let mut it = self.one.clone();
        for _ in 0..n_bits >> squarings {
            it = self.add(&it, &it);
        }
        for _ in 0..squarings {
            it = self.multiply(&it, &it);
        }
        it
    }

    pub(super) fn one(&self) -> Number {
        self.one.clone()
    }

    pub(super) fn zero(&self) -> Number {
        vec![0; self.n.len()]
    }

    /// The number with these big-endian digits; none when it is not below the modulus.
    pub(super) fn enter(&self, digits: &[u8]) -> Option<Number> {
        let zeros = digits.iter().take_while(|it| **it == 0).count();
        let digits = digits.get(zeros..)?;
        if self.n.len() * 4 < digits.len() {
            return None;
        }
        let plain = limbs(digits, self.n.len());
        (compare(&plain, &self.n) == Ordering::Less).then(|| self.multiply(&plain, &self.r_squared))
    }

    /// The number with these big-endian digits, whatever its size, modulo this one.
    pub(super) fn reduce(&self, digits: &[u8]) -> Number {
        let mut it = self.zero();
        for digit in digits {
            for bit in (0..8).rev() {
                it = self.add(&it, &it);
                if digit >> bit & 1 == 1 {
                    it = self.add(&it, &self.one);
                }
            }
        }
        it
    }

    /// Big-endian digits, as many as the modulus has, to whole limbs.
    pub(super) fn leave(&self, number: &Number) -> Vec<u8> {
        let mut one = self.zero();
        if let Some(lowest) = one.first_mut() {
            *lowest = 1;
        }
        self.multiply(number, &one).iter().rev().flat_map(|it| it.to_be_bytes()).collect()
    }

    pub(super) fn add(&self, a: &Number, b: &Number) -> Number {
        let mut sum = a.clone();
        let carry = add(&mut sum, b);
        self.below(sum, carry)
    }

    pub(super) fn subtract(&self, a: &Number, b: &Number) -> Number {
        let mut it = a.clone();
        if subtract(&mut it, b) {
            // It went below zero, by less than the modulus.
            add(&mut it, &self.n);
        }
        it
    }

    /// Montgomery multiplication: one limb of `a` at a time, dropping a limb after each.
    pub(super) fn multiply(&self, a: &Number, b: &Number) -> Number {
        let mut sum = self.zero();
        let mut top = 0u64;
        for &limb in a {
            let (Some((low, rest)), [b, bs @ ..], [n, ns @ ..]) =
                (sum.split_first_mut(), &**b, &*self.n)
            else {
                break;
            };
            // So many times the modulus are added that the lowest limb becomes zero.
            let [limb, b, n] = [limb, *b, *n].map(u64::from);
            let product = limb * b + u64::from(*low);
            let times = u64::from((product as u32).wrapping_mul(self.n_inverse));
            let mut carry = product >> 32;
            let mut carry_of_n = (times * n + u64::from(product as u32)) >> 32;
            let mut place = low;
            for ((it, b), n) in rest.iter_mut().zip(bs).zip(ns) {
                let product = limb * u64::from(*b) + u64::from(*it) + carry;
                let reduced = times * u64::from(*n) + u64::from(product as u32) + carry_of_n;
                (carry, carry_of_n) = (product >> 32, reduced >> 32);
                *place = reduced as u32;
                place = it;
            }
            top += carry + carry_of_n;
            *place = top as u32;
            top >>= 32;
        }
        self.below(sum, top != 0)
    }

    /// `base` to the power with these big-endian digits.
    pub(super) fn power(&self, base: &Number, exponent: &[u8]) -> Number {
        let mut it = self.one();
        let bits = exponent.iter().flat_map(|digit| (0..8).rev().map(move |bit| digit >> bit & 1));
        for bit in bits.skip_while(|it| *it == 0) {
            it = self.multiply(&it, &it);
            if bit == 1 {
                it = self.multiply(&it, base);
            }
        }
        it
    }

    /// One over `number`, modulo a prime (Fermat); zero for zero.
    pub(super) fn invert(&self, number: &Number) -> Number {
        let mut exponent = self.n.clone();
        subtract(&mut exponent, &[2]);
        let digits: Vec<u8> = exponent.iter().rev().flat_map(|it| it.to_be_bytes()).collect();
        self.power(number, &digits)
    }

    /// Brings a sum that is less than twice the modulus below it.
    fn below(&self, mut sum: Number, overflow: bool) -> Number {
        if overflow || compare(&sum, &self.n) != Ordering::Less {
            subtract(&mut sum, &self.n);
        }
        sum
    }
}

/// Whether all limbs are zero.
pub(super) fn is_zero(number: &Number) -> bool {
    number.iter().all(|it| *it == 0)
}

/// Whether `n` is the product of two numbers, all of them big-endian and without leading zeros.
pub(super) fn is_product(n: &[u8], a: &[u8], b: &[u8]) -> bool {
    let [n, a, b] = [n, a, b].map(|it| limbs(it, it.len().div_ceil(4)));
    let mut sum = vec![0; a.len() + b.len()];
    for (at, &limb) in a.iter().enumerate() {
        let Some(window) = sum.get_mut(at..=at + b.len()) else { continue };
        let carry = add_multiple(window, &b, limb);
        if let Some(highest) = window.last_mut() {
            *highest = carry;
        }
    }
    let n_zeros = sum.iter().rev().take_while(|it| **it == 0).count();
    sum.get(..sum.len() - n_zeros) == Some(&*n)
}

/// `n` limbs of a big-endian number.
fn limbs(digits: &[u8], n: usize) -> Vec<u32> {
    let mut limbs = Vec::with_capacity(n);
    let (highest, whole) = digits.as_rchunks::<4>();
    limbs.extend(whole.iter().rev().map(|it| u32::from_be_bytes(*it)));
    if !highest.is_empty() {
        limbs.push(highest.iter().fold(0, |sum, digit| sum << 8 | u32::from(*digit)));
    }
    limbs.resize(n, 0);
    limbs
}

fn compare(a: &[u32], b: &[u32]) -> Ordering {
    a.iter().rev().cmp(b.iter().rev())
}

/// Adds `b` to `a`, which has as many limbs; whether anything is carried over.
fn add(a: &mut [u32], b: &[u32]) -> bool {
    let mut carry = 0;
    for (limb, b) in a.iter_mut().zip(b) {
        let sum = u64::from(*limb) + u64::from(*b) + carry;
        *limb = sum as u32;
        carry = sum >> 32;
    }
    carry != 0
}

/// Takes `b` from `a`; whether the result went below zero and wrapped.
fn subtract(a: &mut [u32], b: &[u32]) -> bool {
    let mut borrow = false;
    for (limb, b) in a.iter_mut().zip(b.iter().copied().chain(std::iter::repeat(0))) {
        let (first, under) = limb.overflowing_sub(b);
        let (second, under_again) = first.overflowing_sub(borrow.into());
        (*limb, borrow) = (second, under || under_again);
    }
    borrow
}

/// Adds `b` times `factor` to the limbs of `sum` as far as `b` reaches; what is carried over.
fn add_multiple(sum: &mut [u32], b: &[u32], factor: u32) -> u32 {
    let mut carry = 0;
    for (limb, b) in sum.iter_mut().zip(b) {
        let it = u64::from(*limb) + u64::from(factor) * u64::from(*b) + carry;
        *limb = it as u32;
        carry = it >> 32;
    }
    carry as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pair of numbers below some small moduli, against plain arithmetic.
    #[test]
    fn small_numbers() {
        for n in [3u8, 5, 7, 9, 251, 255] {
            let modulus = Modulus::new(&[n]).unwrap();
            let value = |it: &Number| *modulus.leave(it).last().unwrap();
            for a in 0..n {
                for b in 0..n {
                    let [x, y] = [a, b].map(|it| modulus.enter(&[it]).unwrap());
                    let [a, b, n] = [a, b, n].map(u32::from);
                    assert_eq!(u32::from(value(&modulus.add(&x, &y))), (a + b) % n);
                    assert_eq!(u32::from(value(&modulus.subtract(&x, &y))), (a + n - b) % n);
                    assert_eq!(u32::from(value(&modulus.multiply(&x, &y))), a * b % n);
                }
            }
            assert!(modulus.enter(&[n]).is_none());
            assert_eq!(value(&modulus.reduce(&[1, 0])), (256 % u32::from(n)) as u8);
        }
        for even_or_small in [&[][..], &[0], &[1], &[2], &[0, 1], &[1, 0]] {
            assert!(Modulus::new(even_or_small).is_none());
        }
    }

    /// Fermat: a^(p-1) is 1 modulo the prime p = 2^127 - 1, and a times its inverse is 1.
    #[test]
    fn large_numbers() {
        let mut digits = [0xff; 16];
        digits[0] = 0x7f;
        let prime = Modulus::new(&digits).unwrap();
        let mut exponent = digits;
        exponent[15] = 0xfe;
        for a in [&[2][..], &[0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 1, 2, 3]] {
            let a = prime.enter(a).unwrap();
            assert_eq!(prime.power(&a, &exponent), prime.one());
            assert_eq!(prime.multiply(&a, &prime.invert(&a)), prime.one());
        }
        assert!(is_zero(&prime.invert(&prime.zero())));
    }

    #[test]
    fn products() {
        let n = [0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0, 0, 0, 0, 1];
        assert!(is_product(&n, &[0xff; 5], &[0xff; 6]));
        assert!(is_product(&n, &[0xff; 6], &[0xff; 5]));
        assert!(!is_product(&n, &[0xff; 5], &[0xff; 5]));
        assert!(!is_product(&n[..10], &[0xff; 5], &[0xff; 6]));
        assert!(is_product(&[], &[], &[1]));
        assert!(is_product(&[15], &[3], &[5]));
        assert!(!is_product(&[1, 15], &[3], &[5]));
    }
}
