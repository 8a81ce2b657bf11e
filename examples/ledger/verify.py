#!/usr/bin/env python3
"""Checks proofs of a Tidewaiter ledger, or a whole ledger, without any of Tidewaiter's code.

    verify.py proof FILE [PUBLIC_KEY]     a paper of `tidewaiter ledger prove RECORD`
    verify.py ledger DIR                  every record, the tree over them, every signed head

Needs Python 3.8 and nothing else. PUBLIC_KEY is base64 or the key that `tidewaiter ledger init` printed; have it from
elsewhere than the proof, or the proof only shows that somebody signed it. Formats: docs/ledger.md.
"""
import base64, hashlib, json, pathlib, struct, sys, zlib

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
I = pow(2, (P - 1) // 4, P)


def sha256(*pieces):
    return hashlib.sha256(b"".join(pieces)).digest()


# Ed25519 (RFC 8032, 5.1.7), verification only: slow, short, and nothing secret is involved.
def recover_x(y, sign):
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * I % P
    if (x * x - x2) % P or (x == 0 and sign):
        raise ValueError("no point of the curve")
    return P - x if x & 1 != sign else x


def decode(octets):
    y = int.from_bytes(octets, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        raise ValueError("no point of the curve")
    x = recover_x(y, sign)
    return x, y, 1, x * y % P


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = add(q, p)
        p, n = add(p, p), n >> 1
    return q


def has_signed(public, message, signature):
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= L:
        return False
    y = 4 * pow(5, P - 2, P) % P
    base = (recover_x(y, 0), y, 1, recover_x(y, 0) * y % P)
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    p, q = multiply(s, base), add(decode(signature[:32]), multiply(k, decode(public)))
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def read_head(note, origin, public):
    """A signed tree head (C2SP checkpoint): how many records, and their root."""
    text, signature = note.split("\n\n", 1)
    lines = text.split("\n")
    name, encoded = signature.rstrip("\n")[2:].split(" ")
    raw = base64.b64decode(encoded, validate=True)
    key_hash = sha256(name.encode(), b"\n\x01", public)[:4]
    if lines[0] != origin or name != origin or raw[:4] != key_hash:
        raise ValueError("the head is signed by another key")
    if not has_signed(public, (text + "\n").encode(), raw[4:]):
        raise ValueError("the signature of the head does not hold")
    return int(lines[1]), base64.b64decode(lines[2], validate=True)


def node(left, right):
    return sha256(b"\x01", left, right)


def root_by_inclusion(leaf, index, size, steps):
    """RFC 9162, 2.1.3.2."""
    number, last, value = index, size - 1, leaf
    for step in steps:
        if last == 0:
            raise ValueError("the proof is too long")
        if number & 1 or number == last:
            value = node(step, value)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            value = node(value, step)
        number, last = number >> 1, last >> 1
    if last:
        raise ValueError("the proof is too short")
    return value


def public_key(text):
    """The 32 bytes of a public key, as base64 or as `name+hash+base64`; base64 may hold a + as well."""
    for part in (text, text.split("+", 2)[-1]):
        try:
            octets = base64.b64decode(part, validate=True)
        except ValueError:
            continue
        if len(octets) in (32, 33):
            return octets[-32:]
    raise ValueError("the public key is not base64 of 32 bytes")


def check_proof(path, key=None):
    paper = json.loads(pathlib.Path(path).read_text())
    public = base64.b64decode(paper["public_key"], validate=True)
    if key and public_key(key) != public:
        raise ValueError("the proof is signed by another ledger's key")
    size, root = read_head(paper["checkpoint"], paper["origin"], public)
    head = base64.b64decode(paper["head"], validate=True)
    number, micros = struct.unpack("<Qq", head[2:18])
    leaf = sha256(b"\x00", head, bytes.fromhex(paper["payload_sha256"]))
    steps = [base64.b64decode(step, validate=True) for step in paper["inclusion"]]
    if number != paper["record"] or len(head) != 54 or number >= size:
        raise ValueError("the head is that of another record")
    if root_by_inclusion(leaf, number, size, steps) != root:
        raise ValueError("the record is not under the signed root")
    told = paper.get("disclosed")
    if told and sha256(*(base64.b64decode(told[k], validate=True) for k in ("salt", "message"))) != head[22:]:
        raise ValueError("what is disclosed is not what the record commits to")
    says = "and says what is disclosed" if told else "what it says is not disclosed"
    print(f"record {number} stands under the head over {size} records, {says}; written {micros / 1e6:.0f} s after 1970")


def records(folder):
    """The leaves of every record, in order; checks lengths, checksums and numbers."""
    number = 0
    for path in sorted((folder / "log").glob("*.seg")):
        data = path.read_bytes()
        if data[:8] != b"TWLEDGR1" or struct.unpack("<Q", data[24:32])[0] != number:
            raise ValueError(f"{path}: not the segment that begins with record {number}")
        at = 36
        while at < len(data):
            length, crc = struct.unpack("<II", data[at : at + 8])
            body = data[at + 8 : at + 8 + length]
            if len(body) < length or zlib.crc32(data[at : at + 4] + body) != crc:
                raise ValueError(f"{path}: damaged at byte {at} (record {number})")
            if struct.unpack("<Q", body[2:10])[0] != number:
                raise ValueError(f"{path}: another record stands at byte {at}; expected {number}")
            yield sha256(b"\x00", body[:54], sha256(body[54:]))
            at, number = at + 8 + length, number + 1


def check_ledger(folder):
    folder = pathlib.Path(folder)
    about = json.loads((folder / "ledger.json").read_text())
    public = base64.b64decode(about["public_key"], validate=True)
    notes = (folder / "heads.notes").read_text().split("\n\n")[:-1]
    written = [f"{text}\n\n{signature}\n" for text, signature in zip(notes[::2], notes[1::2])]
    heads = [read_head(note, about["origin"], public) for note in written]
    roots, peaks, size = dict(heads), [], 0
    for leaf in records(folder):
        height = 0
        while size >> height & 1:
            leaf, height = node(peaks.pop(), leaf), height + 1
        peaks.append(leaf)
        size += 1
        if size in roots:
            root = peaks[-1]
            for peak in reversed(peaks[:-1]):
                root = node(peak, root)
            if root != roots.pop(size):
                raise ValueError(f"the records do not give the root that was signed over the first {size}")
    if roots:
        raise ValueError(f"the log has {size} records, and heads were signed over {sorted(roots)}")
    print(f"{size} records stand, under {len(heads)} signed heads; the last covers {heads[-1][0]}")


if __name__ == "__main__":
    try:
        {"proof": check_proof, "ledger": check_ledger}[sys.argv[1]](*sys.argv[2:])
    except (KeyError, IndexError, TypeError) as error:
        sys.exit(f"{error!r}\n{__doc__}")
    except (ValueError, OSError) as error:
        sys.exit(f"does not hold: {error}")
