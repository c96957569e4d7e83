// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from. What {@code X-Forwarded-For} says counts only as far as trusted proxies have
 * written it: it is read from its end, each address added by the one after it.
 */
final class ClientAddress {
    private record Block(byte[] bytes, int prefix) {
        static Block of(String text) {
            int slash = text.indexOf('/');
            InetAddress address = literal(slash < 0 ? text : text.substring(0, slash));
            int longest = address == null ? 0 : address.getAddress().length * 8;
            int prefix = slash < 0 ? longest : number(text.substring(slash + 1));
            if (address == null || prefix < 0 || prefix > longest) {
                throw new IllegalArgumentException("'" + text
                        + "' in modules.web.trusted_proxies is no address; write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32");
            }
            return new Block(address.getAddress(), prefix);
        }

        private static int number(String text) {
            return text.matches("\\d{1,3}") ? Integer.parseInt(text) : -1;
        }

        boolean contains(byte[] asked) {
            if (asked.length != bytes.length) {
                return false;
            }
            for (int bit = 0; bit < prefix; bit += 8) {
                int mask = prefix - bit >= 8 ? 0xff : 0xff << (8 - (prefix - bit));
                if (((bytes[bit / 8] ^ asked[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Block> proxies = new ArrayList<>();

    /**
     * @throws IllegalArgumentException for what is neither an address nor a block
     */
    ClientAddress(List<String> trusted) {
        trusted.forEach(text -> proxies.add(Block.of(text.strip())));
    }

    /** Null when the connection has none. */
    @Nullable InetAddress of(Request request) {
        InetAddress client = request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress peer
                ? peer.getAddress()
                : null;
        if (proxies.isEmpty() || client == null || !trusts(client)) {
            return client;
        }
        List<String> hops = request.getHeaders().getCSV("X-Forwarded-For", false);
        for (int i = hops.size() - 1; i >= 0 && trusts(client); i--) {
            InetAddress before = literal(hops.get(i));
            if (before == null) {
                return client;
            }
            client = before;
        }
        return client;
    }

    /** Whether a trusted proxy sent it. */
    boolean isProxied(Request request) {
        return !proxies.isEmpty()
                && request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress peer
                && peer.getAddress() != null
                && trusts(peer.getAddress());
    }

    /** For counting: a subscriber of IPv6 has a network of 64 bits at least, and any number of addresses. */
    static InetAddress network(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, 8, 16, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean trusts(InetAddress address) {
        byte[] bytes = address.getAddress();
        for (Block proxy : proxies) {
            if (proxy.contains(bytes)) {
                return true;
            }
        }
        return false;
    }

    /** Some proxies add the port. Never asks for a name. */
    private static @Nullable InetAddress literal(String text) {
        String address = text;
        if (address.startsWith("[") && address.contains("]")) {
            address = address.substring(1, address.indexOf(']'));
        } else if (address.indexOf('.') > 0 && address.indexOf(':') == address.lastIndexOf(':') && address.indexOf(':') > 0) {
            address = address.substring(0, address.indexOf(':'));
        }
        if (address.indexOf('%') >= 0) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(address);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
