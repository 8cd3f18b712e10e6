package im.stanzabus.stanza;

/// Punycode (RFC 3492), in which the labels of international domain names are written for DNS. The JDK's own is
/// bound to the mappings of IDNA 2003, which turn some of today's names into others.
final class Punycode {
    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int INITIAL_BIAS = 72;
    private static final int INITIAL_N = 0x80;

    private Punycode() {}

    /// @throws JidSyntaxException if the text is not Punycode
    static String decode(String encoded) throws JidSyntaxException {
        int basic = Math.max(0, encoded.lastIndexOf('-'));
        StringBuilder decoded = new StringBuilder(encoded.substring(0, basic));
        int count = basic;
        int at = basic == 0 ? 0 : basic + 1;
        long n = INITIAL_N;
        long i = 0;
        int bias = INITIAL_BIAS;
        while (at < encoded.length()) {
            long before = i;
            long weight = 1;
            for (int k = BASE; ; k += BASE) {
                if (at == encoded.length()) {
                    throw broken();
                }
                int digit = digit(encoded.charAt(at++));
                i += digit * weight;
                int threshold = threshold(k, bias);
                if (digit < threshold) {
                    break;
                }
                weight *= BASE - threshold;
                if (i > Integer.MAX_VALUE || weight > Integer.MAX_VALUE) {
                    throw broken();
                }
            }
            count++;
            bias = adapt(i - before, count, before == 0);
            n += i / count;
            i %= count;
            if (n > Character.MAX_CODE_POINT || (n >= Character.MIN_SURROGATE && n <= Character.MAX_SURROGATE)) {
                throw broken();
            }
            decoded.insert(decoded.offsetByCodePoints(0, (int) i), Character.toString((int) n));
            i++;
        }
        return decoded.toString();
    }

    static String encode(String label) {
        int[] codePoints = label.codePoints().toArray();
        StringBuilder encoded = new StringBuilder();
        for (int c : codePoints) {
            if (c < INITIAL_N) {
                encoded.append((char) c);
            }
        }
        int basic = encoded.length();
        int done = basic;
        if (basic > 0) {
            encoded.append('-');
        }
        int n = INITIAL_N;
        long delta = 0;
        int bias = INITIAL_BIAS;
        while (done < codePoints.length) {
            int next = Integer.MAX_VALUE;
            for (int c : codePoints) {
                if (c >= n && c < next) {
                    next = c;
                }
            }
            delta += (long) (next - n) * (done + 1);
            n = next;
            for (int c : codePoints) {
                if (c < n) {
                    delta++;
                } else if (c == n) {
                    append(encoded, delta, bias);
                    bias = adapt(delta, done + 1, done == basic);
                    delta = 0;
                    done++;
                }
            }
            delta++;
            n++;
        }
        return encoded.toString();
    }

    private static void append(StringBuilder encoded, long delta, int bias) {
        long rest = delta;
        for (int k = BASE; ; k += BASE) {
            int threshold = threshold(k, bias);
            if (rest < threshold) {
                break;
            }
            encoded.append(letter((int) (threshold + (rest - threshold) % (BASE - threshold))));
            rest = (rest - threshold) / (BASE - threshold);
        }
        encoded.append(letter((int) rest));
    }

    private static int threshold(int k, int bias) {
        return Math.clamp(k - bias, T_MIN, T_MAX);
    }

    private static int adapt(long delta, int count, boolean first) {
        long rest = first ? delta / DAMP : delta / 2;
        rest += rest / count;
        int k = 0;
        while (rest > (BASE - T_MIN) * T_MAX / 2) {
            rest /= BASE - T_MIN;
            k += BASE;
        }
        return (int) (k + (BASE - T_MIN + 1) * rest / (rest + SKEW));
    }

    private static int digit(char c) throws JidSyntaxException {
        if (c >= 'a' && c <= 'z') {
            return c - 'a';
        }
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 26;
        }
        throw broken();
    }

    private static char letter(int digit) {
        return (char) (digit < 26 ? 'a' + digit : '0' + digit - 26);
    }

    private static JidSyntaxException broken() {
        return new JidSyntaxException("domainpart has a broken xn-- label");
    }
}
