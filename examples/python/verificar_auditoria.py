"""Checks the hashes and the chain of an export of the audit (docs/audit.md): python3 verificar_auditoria.py FILE"""
import hashlib, json, sys
from datetime import datetime, timedelta, timezone
from decimal import Decimal

def number(x, second):  # RFC 8785 for the second rule; the first writes whole numbers in full, others with exponent
    if isinstance(x, float) and x.is_integer() and not second and -2**63 <= x < 2**64: x = int(x)
    if isinstance(x, int) and not second: return str(x)
    if isinstance(x, int) and int(float(x)) != x: return f'"{x}"'
    if x == 0: return "0"
    _, digits, exponent = Decimal(repr(float(abs(x)))).normalize().as_tuple()
    digits, sign = "".join(map(str, digits)), "-" if x < 0 else ""
    point, mantissa = len(digits) + exponent, digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    if not second: return f"{sign}{mantissa}e{point - 1}"
    if len(digits) <= point <= 21: return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21: return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0: return sign + "0." + "0" * -point + digits
    return f"{sign}{mantissa}e{point - 1:+d}"

def text(value, second):
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be" if second else "utf-8"))
        return "{" + ",".join(json.dumps(key, ensure_ascii=False) + ":" + text(value[key], second) for key in keys) + "}"
    if isinstance(value, list): return "[" + ",".join(text(item, second) for item in value) + "]"
    if isinstance(value, (int, float)) and not isinstance(value, bool): return number(value, second)
    return json.dumps(value, ensure_ascii=False)

chain, rules = bytes(32), {1: 0, 2: 0}
for item in (json.loads(line) for line in open(sys.argv[1], encoding="utf-8")):
    if item["tipo"] != "linea": continue
    if (line := item["linea"]) is not None:  # null: removed after its time; its hash stays
        rule = line.get("version_huella", 1)
        if hashlib.sha256(text(line, rule == 2).encode()).hexdigest() != item["huella"]:
            sys.exit(f"line {item['numero']} was changed")
        rules[rule] += 1
    kept = datetime.fromisoformat(item["retencion"].replace("Z", "+00:00")) - datetime(1970, 1, 1, tzinfo=timezone.utc)
    micros = (kept // timedelta(microseconds=1)).to_bytes(8, "big", signed=True)
    leaf = hashlib.sha256(b"\0" + micros + bytes.fromhex(item["huella"])).digest()
    chain = hashlib.sha256(b"\2" + chain + leaf).digest()
    if chain.hex() != item["cadena"]: sys.exit(f"the chain does not follow at line {item['numero']}")
print(f"the chain holds: {rules[1]} lines by rule 1, {rules[2]} by rule 2, end {chain.hex()}")
