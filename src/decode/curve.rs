//! Elliptic curves: the public half of a private key, and signatures by such keys.

use std::{cell::Cell, sync::OnceLock};

use sha2::{Digest, Sha512};

use super::arithmetic::{Modulus, Number, is_zero};

/// The public point of an EC private key.
pub(super) enum Point {
    /// Uncompressed, as certificates hold it.
    Computed(Vec<u8>),
    /// The private number is zero or too large for its curve.
    BadScalar,
    /// A curve that we do not compute with, or no effort is left.
    Unknown,
}

/// What may still be spent on public halves that are not written down beside their private keys.
///
/// One takes a millisecond or ten, and a hostile file holds as many as there are entries. What is
/// left out is said to be not compared.
pub struct Effort(Cell<usize>);

impl Default for Effort {
    fn default() -> Effort {
        // So many multiplications of coordinates: about a hundred keys on a curve of 256 bits.
        Effort(Cell::new(100 * cost(32)))
    }
}

/// What a multiplication of a point costs on a curve of so many bytes.
fn cost(size: usize) -> usize {
    size.pow(3)
}

impl Effort {
    /// No public half is computed.
    pub fn none() -> Effort {
        Effort(Cell::new(0))
    }

    /// Takes what one public half costs; whether there was enough.
    fn spend(&self, size: usize) -> bool {
        let left = self.0.get().checked_sub(cost(size));
        left.inspect(|it| self.0.set(*it)).is_some()
    }
}

/// The public point that belongs to the private number `scalar`. The curve is named as a key on it
/// is, here and below.
pub(super) fn public_point(curve: &str, scalar: &[u8], effort: &Effort) -> Point {
    let Some(curve) = Curve::named(curve) else { return Point::Unknown };
    let Some(number) = curve.order.enter(scalar).filter(|it| !is_zero(it)) else {
        return Point::BadScalar;
    };
    if !effort.spend(curve.size) {
        return Point::Unknown;
    }
    let point = curve.sum_of_products(&curve.order.leave(&number), &[], &curve.base);
    match curve.affine(&point) {
        Some((x, y)) => {
            let digits = |it| curve.digits(it);
            Point::Computed([vec![4], digits(&x), digits(&y)].concat())
        }
        None => Point::BadScalar,
    }
}

/// Whether the uncompressed `point` lies on a curve; none for curves that we do not know.
pub(super) fn has_point(curve: &str, point: &[u8]) -> Option<bool> {
    Some(Curve::named(curve)?.point(point).is_some())
}

/// Whether `r` and `s` are a signature of the digest by the key `point`; none for a curve that
/// we do not know, or a point that we do not read: compressed ones, as Go.
///
/// FIPS 186-5, section 6.4.2.
pub(super) fn ecdsa(curve: &str, point: &[u8], digest: &[u8], r: &[u8], s: &[u8]) -> Option<bool> {
    let curve = Curve::named(curve)?;
    let point = curve.point(point)?;
    let order = &curve.order;
    let [r, s] = [r, s].map(|it| order.enter(it).filter(|it| !is_zero(it)));
    let (Some(r), Some(s)) = (r, s) else { return Some(false) };
    // Of a digest that is longer than the order, the leftmost bits count; all orders here are
    // of whole bytes, or longer than any digest.
    let digest = digest.get(..digest.len().min(curve.size)).unwrap_or(digest);
    let inverse = order.invert(&s);
    let [u, v] =
        [order.reduce(digest), r.clone()].map(|it| order.leave(&order.multiply(&it, &inverse)));
    let sum = curve.sum_of_products(&u, &v, &point);
    let Some((x, _)) = curve.affine(&sum) else { return Some(false) };
    Some(order.reduce(&curve.field.leave(&x)) == r)
}

/// A curve y² = x³ - 3x + b over a prime field.
struct Curve {
    field: Modulus,
    order: Modulus,
    b: Number,
    base: Jacobian,
    /// Bytes of a coordinate.
    size: usize,
}

/// A point as (x / z², y / z³); z is zero at infinity.
#[derive(Clone)]
struct Jacobian {
    x: Number,
    y: Number,
    z: Number,
}

impl Curve {
    /// The curve, made ready at its first use: that takes a hundred times as long as to see
    /// whether a point lies on it.
    fn named(name: &str) -> Option<&'static Curve> {
        let domain = DOMAINS.iter().find(|it| it.name == name)?;
        domain.curve.get_or_init(|| Curve::new(domain)).as_ref()
    }

    fn new(domain: &Domain) -> Option<Curve> {
        let field = Modulus::new(&unhex(domain.p))?;
        let [b, x, y] = [domain.b, domain.x, domain.y].map(|it| field.enter(&unhex(it)));
        let base = Jacobian { x: x?, y: y?, z: field.one() };
        Some(Curve {
            order: Modulus::new(&unhex(domain.n))?,
            b: b?,
            base,
            size: domain.p.len() / 2,
            field,
        })
    }

    /// Reads an uncompressed point; none when it is not on the curve.
    fn point(&self, bytes: &[u8]) -> Option<Jacobian> {
        let (4, coordinates) = bytes.split_first().map(|(tag, rest)| (*tag, rest))? else {
            return None;
        };
        if coordinates.len() != 2 * self.size {
            return None;
        }
        let (x, y) = coordinates.split_at(self.size);
        let field = &self.field;
        let (x, y) = (field.enter(x)?, field.enter(y)?);
        let cube = field.multiply(&field.multiply(&x, &x), &x);
        let three_x = field.add(&field.add(&x, &x), &x);
        let right = field.add(&field.subtract(&cube, &three_x), &self.b);
        (field.multiply(&y, &y) == right).then(|| Jacobian { x, y, z: field.one() })
    }

    /// `u` times the base point plus `v` times `point`.
    fn sum_of_products(&self, u: &[u8], v: &[u8], point: &Jacobian) -> Jacobian {
        let both = self.add(&self.base, point);
        let mut sum = self.infinity();
        let n_bits = 8 * u.len().max(v.len());
        for at in (0..n_bits).rev() {
            sum = self.double(&sum);
            sum = match (bit(u, at), bit(v, at)) {
                (true, true) => self.add(&sum, &both),
                (true, false) => self.add(&sum, &self.base),
                (false, true) => self.add(&sum, point),
                (false, false) => sum,
            };
        }
        sum
    }

    fn infinity(&self) -> Jacobian {
        Jacobian { x: self.field.one(), y: self.field.one(), z: self.field.zero() }
    }

    fn affine(&self, it: &Jacobian) -> Option<(Number, Number)> {
        if is_zero(&it.z) {
            return None;
        }
        let field = &self.field;
        let inverse = field.invert(&it.z);
        let square = field.multiply(&inverse, &inverse);
        let cube = field.multiply(&square, &inverse);
        Some((field.multiply(&it.x, &square), field.multiply(&it.y, &cube)))
    }

    /// A coordinate in as many bytes as the curve asks for.
    fn digits(&self, coordinate: &Number) -> Vec<u8> {
        let digits = self.field.leave(coordinate);
        digits.get(digits.len() - self.size..).unwrap_or_default().to_vec()
    }

    /// The formulas "dbl-2001-b" for a = -3.
    fn double(&self, it: &Jacobian) -> Jacobian {
        let field = &self.field;
        let delta = field.multiply(&it.z, &it.z);
        let gamma = field.multiply(&it.y, &it.y);
        let beta = field.multiply(&it.x, &gamma);
        let product = field.multiply(&field.subtract(&it.x, &delta), &field.add(&it.x, &delta));
        let alpha = field.add(&field.add(&product, &product), &product);
        let two_beta = field.add(&beta, &beta);
        let four_beta = field.add(&two_beta, &two_beta);
        let eight_beta = field.add(&four_beta, &four_beta);
        let x = field.subtract(&field.multiply(&alpha, &alpha), &eight_beta);
        let y_and_z = field.add(&it.y, &it.z);
        let z =
            field.subtract(&field.subtract(&field.multiply(&y_and_z, &y_and_z), &gamma), &delta);
        let two_gamma = field.add(&gamma, &gamma);
        let four_gamma_squared = field.multiply(&two_gamma, &two_gamma);
        let y = field.subtract(
            &field.multiply(&alpha, &field.subtract(&four_beta, &x)),
            &field.add(&four_gamma_squared, &four_gamma_squared),
        );
        Jacobian { x, y, z }
    }

    /// The formulas "add-1998-cmo-2", and the cases that they do not cover.
    fn add(&self, a: &Jacobian, b: &Jacobian) -> Jacobian {
        if is_zero(&a.z) {
            return b.clone();
        }
        if is_zero(&b.z) {
            return a.clone();
        }
        let field = &self.field;
        let [a_zz, b_zz] = [a, b].map(|it| field.multiply(&it.z, &it.z));
        let u = field.multiply(&a.x, &b_zz);
        let h = field.subtract(&field.multiply(&b.x, &a_zz), &u);
        let s = field.multiply(&a.y, &field.multiply(&b_zz, &b.z));
        let r = field.subtract(&field.multiply(&b.y, &field.multiply(&a_zz, &a.z)), &s);
        if is_zero(&h) {
            return if is_zero(&r) { self.double(a) } else { self.infinity() };
        }
        let h_squared = field.multiply(&h, &h);
        let h_cubed = field.multiply(&h_squared, &h);
        let v = field.multiply(&u, &h_squared);
        let x =
            field.subtract(&field.subtract(&field.multiply(&r, &r), &h_cubed), &field.add(&v, &v));
        let y = field
            .subtract(&field.multiply(&r, &field.subtract(&v, &x)), &field.multiply(&s, &h_cubed));
        Jacobian { x, y, z: field.multiply(&field.multiply(&a.z, &b.z), &h) }
    }
}

/// Bit `at` of a big-endian number, the lowest being 0.
fn bit(digits: &[u8], at: usize) -> bool {
    let digit = digits.len().checked_sub(at / 8 + 1).and_then(|it| digits.get(it));
    digit.is_some_and(|it| it >> (at % 8) & 1 == 1)
}

/// Bytes of a constant below.
fn unhex(text: &str) -> Vec<u8> {
    let digit = |it: &u8| char::from(*it).to_digit(16).unwrap_or(0) as u8;
    text.as_bytes().chunks(2).map(|it| it.iter().fold(0, |sum, it| sum << 4 | digit(it))).collect()
}

/// A curve's constants; SEC 2, version 2.0.
struct Domain {
    /// What a key on it is called.
    name: &'static str,
    /// Prime of the field.
    p: &'static str,
    b: &'static str,
    /// Order of the base point.
    n: &'static str,
    /// The base point.
    x: &'static str,
    y: &'static str,
    curve: OnceLock<Option<Curve>>,
}

static DOMAINS: [Domain; 4] = [
    Domain {
        name: "EC P-224",
        p: "ffffffffffffffffffffffffffffffff000000000000000000000001",
        b: "b4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4",
        n: "ffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3d",
        x: "b70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21",
        y: "bd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34",
        curve: OnceLock::new(),
    },
    Domain {
        name: "EC P-256",
        p: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
        b: "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
        n: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        x: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        y: "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
        curve: OnceLock::new(),
    },
    Domain {
        name: "EC P-384",
        p: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
        b: "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
        n: "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
        x: "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
        y: "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
        curve: OnceLock::new(),
    },
    Domain {
        name: "EC P-521",
        p: "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        b: "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
        n: "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
        x: "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
        y: "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
        curve: OnceLock::new(),
    },
];

/// The public key that belongs to an Ed25519 seed; none when no effort is left.
///
/// RFC 8032, section 5.1.5.
pub(super) fn ed25519(seed: &[u8; 32], effort: &Effort) -> Option<Vec<u8>> {
    if !effort.spend(seed.len()) {
        return None;
    }
    let curve = Edwards::new()?;
    let hash = Sha512::digest(seed);
    let mut scalar: [u8; 32] = hash.get(..32)?.try_into().ok()?;
    let [first, .., last] = &mut scalar;
    *first &= 0xf8;
    *last = *last & 0x7f | 0x40;
    scalar.reverse();
    Some(curve.encode(&curve.multiply(&curve.base, &scalar)))
}

/// Whether `signature` is one of `message` by the Ed25519 key `public`.
///
/// RFC 8032, section 5.1.7, compared as Go does: by the encoding of R.
pub(super) fn ed25519_verify(public: &[u8], message: &[u8], signature: &[u8]) -> Option<bool> {
    let curve = Edwards::new()?;
    let order = Modulus::new(&unhex(ED25519_ORDER))?;
    let (r, s) = signature.split_at_checked(32).filter(|it| it.1.len() == 32)?;
    let reversed = |it: &[u8]| it.iter().rev().copied().collect::<Vec<u8>>();
    let Some(key) = curve.decode(public) else { return Some(false) };
    let s = reversed(s);
    if order.enter(&s).is_none() {
        return Some(false);
    }
    let hash = Sha512::new().chain_update(r).chain_update(public).chain_update(message).finalize();
    let k = order.leave(&order.reduce(&reversed(&hash)));
    let sum = curve.add(&curve.multiply(&curve.base, &s), &curve.multiply(&curve.negate(&key), &k));
    Some(curve.encode(&sum) == r)
}

/// The twisted Edwards curve of Ed25519.
struct Edwards {
    field: Modulus,
    d: Number,
    base: Extended,
}

/// A point as (x / z, y / z), with t = xy / z.
#[derive(Clone)]
struct Extended {
    x: Number,
    y: Number,
    z: Number,
    t: Number,
}

/// RFC 8032, section 5.1.
const ED25519_PRIME: &str = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed";
const ED25519_D: &str = "52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3";
const ED25519_ORDER: &str = "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed";
const ED25519_BASE_X: &str = "216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51a";
const ED25519_BASE_Y: &str = "6666666666666666666666666666666666666666666666666666666666666658";
/// A square root of minus one.
const ED25519_ROOT: &str = "2b8324804fc1df0b2b4d00993dfbd7a72f431806ad2fe478c4ee1b274a0ea0b0";
/// (p - 5) / 8.
const ED25519_EXPONENT: &str = "0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd";

impl Edwards {
    fn new() -> Option<Edwards> {
        let field = Modulus::new(&unhex(ED25519_PRIME))?;
        let [d, x, y] =
            [ED25519_D, ED25519_BASE_X, ED25519_BASE_Y].map(|it| field.enter(&unhex(it)));
        let (x, y) = (x?, y?);
        let base = Extended { t: field.multiply(&x, &y), z: field.one(), x, y };
        Some(Edwards { d: d?, base, field })
    }

    fn multiply(&self, point: &Extended, scalar: &[u8]) -> Extended {
        let field = &self.field;
        let mut sum = Extended { x: field.zero(), y: field.one(), z: field.one(), t: field.zero() };
        for at in (0..8 * scalar.len()).rev() {
            sum = self.add(&sum, &sum);
            if bit(scalar, at) {
                sum = self.add(&sum, point);
            }
        }
        sum
    }

    fn negate(&self, it: &Extended) -> Extended {
        let negative = |it| self.field.subtract(&self.field.zero(), it);
        Extended { x: negative(&it.x), t: negative(&it.t), ..it.clone() }
    }

    /// The formulas "add-2008-hwcd-3", which cover every case on this curve.
    fn add(&self, p: &Extended, q: &Extended) -> Extended {
        let field = &self.field;
        let a = field.multiply(&field.subtract(&p.y, &p.x), &field.subtract(&q.y, &q.x));
        let b = field.multiply(&field.add(&p.y, &p.x), &field.add(&q.y, &q.x));
        let c = field.multiply(&field.multiply(&p.t, &q.t), &field.add(&self.d, &self.d));
        let d = field.multiply(&p.z, &field.add(&q.z, &q.z));
        let (e, f) = (field.subtract(&b, &a), field.subtract(&d, &c));
        let (g, h) = (field.add(&d, &c), field.add(&b, &a));
        Extended {
            x: field.multiply(&e, &f),
            y: field.multiply(&g, &h),
            z: field.multiply(&f, &g),
            t: field.multiply(&e, &h),
        }
    }

    /// RFC 8032, section 5.1.2.
    fn encode(&self, it: &Extended) -> Vec<u8> {
        let field = &self.field;
        let inverse = field.invert(&it.z);
        let [x, y] = [&it.x, &it.y].map(|it| field.leave(&field.multiply(it, &inverse)));
        let mut bytes: Vec<u8> = y.into_iter().rev().collect();
        if let Some(last) = bytes.last_mut() {
            *last |= (x.last().copied().unwrap_or(0) & 1) << 7;
        }
        bytes
    }

    /// RFC 8032, section 5.1.3, but as generous as Go and openssl are: y may be the prime or more,
    /// and zero may be odd.
    fn decode(&self, bytes: &[u8]) -> Option<Extended> {
        let mut digits: [u8; 32] = bytes.try_into().ok()?;
        digits.reverse();
        let odd = digits.first()? >> 7;
        if let Some(first) = digits.first_mut() {
            *first &= 0x7f;
        }
        let field = &self.field;
        let y = field.reduce(&digits);
        let square = field.multiply(&y, &y);
        let u = field.subtract(&square, &field.one());
        let v = field.add(&field.multiply(&self.d, &square), &field.one());
        let v_cubed = field.multiply(&field.multiply(&v, &v), &v);
        let v_seventh = field.multiply(&field.multiply(&v_cubed, &v_cubed), &v);
        let power = field.power(&field.multiply(&u, &v_seventh), &unhex(ED25519_EXPONENT));
        let mut x = field.multiply(&field.multiply(&u, &v_cubed), &power);
        let check = field.multiply(&v, &field.multiply(&x, &x));
        if check != u {
            if check != field.subtract(&field.zero(), &u) {
                return None;
            }
            x = field.multiply(&x, &field.enter(&unhex(ED25519_ROOT))?);
        }
        if field.leave(&x).last()? & 1 != odd {
            x = field.subtract(&field.zero(), &x);
        }
        Some(Extended { t: field.multiply(&x, &y), z: field.one(), x, y })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8032, section 7.1, the first three tests.
    #[test]
    fn ed25519_vectors() {
        let rows = [
            (
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
            ),
            (
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
            ),
            (
                "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                "af82",
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
            ),
        ];
        for (seed, public, message, signature) in rows {
            let [seed, public, message, mut signature] =
                [seed, public, message, signature].map(unhex);
            assert_eq!(
                ed25519(&seed.try_into().unwrap(), &Effort::default()),
                Some(public.clone())
            );
            assert_eq!(ed25519_verify(&public, &message, &signature), Some(true));
            signature[40] ^= 1;
            assert_eq!(ed25519_verify(&public, &message, &signature), Some(false));
        }
    }

    fn point_of(curve: &str, scalar: &[u8]) -> Point {
        public_point(curve, scalar, &Effort::default())
    }

    #[test]
    fn effort_ends() {
        let effort = Effort::default();
        let n_computed = (0..200).take_while(|_| ed25519(&[7; 32], &effort).is_some()).count();
        assert_eq!(n_computed, 100);
        assert!(ed25519(&[7; 32], &Effort::none()).is_none());
        // A number that is none of the curve's is seen all the same.
        assert!(matches!(public_point("EC P-256", &[0], &Effort::none()), Point::BadScalar));
        assert!(matches!(public_point("EC P-256", &[2], &Effort::none()), Point::Unknown));
    }

    /// Twice the base point of P-256, and the ends of the range of private numbers.
    #[test]
    fn public_points() {
        let two = "047cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc4766997807775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d1";
        assert!(matches!(point_of("EC P-256", &[2]), Point::Computed(it) if it == unhex(two)));
        for domain in &DOMAINS {
            let base = unhex(&format!("04{}{}", domain.x, domain.y));
            assert!(Curve::named(domain.name).unwrap().point(&base).is_some(), "{}", domain.name);
            let found = point_of(domain.name, &[1]);
            assert!(matches!(found, Point::Computed(it) if it == base), "{}", domain.name);
            let mut order = unhex(domain.n);
            assert!(matches!(point_of(domain.name, &order), Point::BadScalar));
            assert!(matches!(point_of(domain.name, &[0]), Point::BadScalar));
            // The largest number gives the mirror image of the base point.
            *order.last_mut().unwrap() -= 1;
            let found = point_of(domain.name, &order);
            let x = unhex(domain.x);
            assert!(matches!(found, Point::Computed(it) if it[1..=x.len()] == x));
        }
        assert!(matches!(point_of("secp256k1", &[1]), Point::Unknown));
        assert!(Curve::named("EC P-256").unwrap().point(&[4; 65]).is_none());
    }
}
