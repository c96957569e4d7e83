// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.engine;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses and blocks of addresses of IPv4 and IPv6; an IPv4 address inside IPv6 is the IPv4 address. */
public final class AddressList {
    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowMask(false)
            .allowPrefixOnly(false)
            .setRangeOptions(RangeParameters.NO_RANGE)
            .allow_inet_aton(false)
            .toParams();

    // the library knows many more spellings, such as octal ones, which others read as other addresses
    private static final Pattern PLAIN = Pattern.compile(
            "(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}(/\\d{1,2})?|[0-9a-fA-F:]*:[0-9a-fA-F:.]*(/\\d{1,3})?");

    private final List<IPAddress> blocks;

    private AddressList(List<IPAddress> blocks) {
        this.blocks = blocks;
    }

    /**
     * @throws IllegalArgumentException for what is neither an address nor a block in CIDR notation
     */
    public static AddressList of(List<String> texts) {
        List<IPAddress> blocks = new ArrayList<>();
        for (String text : texts) {
            if (!PLAIN.matcher(text).matches()) {
                throw malformed(text, null);
            }
            try {
                blocks.add(plain(new IPAddressString(text, STRICT).toAddress()).toPrefixBlock());
            } catch (AddressStringException e) {
                throw malformed(text, e);
            }
        }
        return new AddressList(blocks);
    }

    private static IllegalArgumentException malformed(String text, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "'" + text + "' is no address; write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32", cause);
    }

    private static IPAddress plain(IPAddress address) {
        return address.isIPv6() && address.toIPv6().isIPv4Mapped()
                ? address.toIPv6().getEmbeddedIPv4Address()
                : address;
    }

    /** False also for an address that is not known. */
    public boolean contains(@Nullable InetAddress address) {
        if (address == null) {
            return false;
        }
        IPAddress asked = plain(new IPAddressGenerator().from(address));
        for (IPAddress block : blocks) {
            if (block.contains(asked)) {
                return true;
            }
        }
        return false;
    }
}
