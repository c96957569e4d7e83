// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.guard;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * Which addresses are public. IPv4: all but the special-purpose registry (RFC 6890 and successors).
 * IPv6: only global unicast, and of that only what is not special and hides no forbidden IPv4 address.
 */
final class AddressRules {
    /** A range of addresses. */
    private record Range(byte[] prefix, int bits) {
        boolean contains(byte[] address) {
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> (i & 7);
                if ((prefix[i >> 3] & mask) != (address[i >> 3] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final Range[] FORBIDDEN_V4 = {
        v4(0, 0, 0, 0, 8), // this network
        v4(10, 0, 0, 0, 8), // private
        v4(100, 64, 0, 0, 10), // carrier-grade NAT; a cloud's metadata at 100.100.100.200
        v4(127, 0, 0, 0, 8), // loopback
        v4(168, 63, 129, 16, 32), // a cloud's metadata on a public address
        v4(169, 254, 0, 0, 16), // link-local; clouds' metadata
        v4(172, 16, 0, 0, 12), // private
        v4(192, 0, 0, 0, 24), // protocol assignments; a cloud's metadata at 192.0.0.192
        v4(192, 0, 2, 0, 24), // documentation
        v4(192, 31, 196, 0, 24), // AS112
        v4(192, 52, 193, 0, 24), // AMT
        v4(192, 88, 99, 0, 24), // 6to4 relays
        v4(192, 168, 0, 0, 16), // private
        v4(192, 175, 48, 0, 24), // AS112
        v4(198, 18, 0, 0, 15), // benchmarks
        v4(198, 51, 100, 0, 24), // documentation
        v4(203, 0, 113, 0, 24), // documentation
        v4(224, 0, 0, 0, 4), // multicast
        v4(240, 0, 0, 0, 4), // reserved, broadcast
    };

    private static final Range NAT64 = v6(96, 0x0064, 0xff9b);
    private static final Range GLOBAL_V6 = v6(3, 0x2000);

    private static final Range[] FORBIDDEN_V6 = {
        v6(23, 0x2001), // protocol assignments: Teredo, benchmarks, ORCHID
        v6(32, 0x2001, 0x0db8), // documentation
        v6(16, 0x2002), // 6to4, whatever it embeds
        v6(48, 0x2620, 0x004f, 0x8000), // AS112
        v6(20, 0x3fff), // documentation
    };

    private AddressRules() {}

    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return isPublicV4(bytes);
        }
        if (address instanceof Inet6Address scoped && scoped.getScopeId() != 0) {
            return false;
        }
        if (NAT64.contains(bytes)) {
            // In a network that has only IPv6 every public IPv4 host looks like this.
            return isPublicV4(Arrays.copyOfRange(bytes, 12, 16));
        }
        return GLOBAL_V6.contains(bytes) && !isAny(FORBIDDEN_V6, bytes) && !hidesForbidden(bytes);
    }

    private static boolean isPublicV4(byte[] bytes) {
        return !isAny(FORBIDDEN_V4, bytes);
    }

    /** ISATAP: an interface identifier that embeds an IPv4 address (RFC 5214). */
    private static boolean hidesForbidden(byte[] bytes) {
        return (bytes[8] & ~2) == 0
                && bytes[9] == 0
                && bytes[10] == 0x5e
                && bytes[11] == (byte) 0xfe
                && !isPublicV4(Arrays.copyOfRange(bytes, 12, 16));
    }

    private static boolean isAny(Range[] ranges, byte[] bytes) {
        for (Range range : ranges) {
            if (range.contains(bytes)) {
                return true;
            }
        }
        return false;
    }

    private static Range v4(int a, int b, int c, int d, int bits) {
        return new Range(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d}, bits);
    }

    private static Range v6(int bits, int... groups) {
        byte[] prefix = new byte[16];
        for (int i = 0; i < groups.length; i++) {
            prefix[2 * i] = (byte) (groups[i] >> 8);
            prefix[2 * i + 1] = (byte) groups[i];
        }
        return new Range(prefix, bits);
    }
}
