// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.http.client.ProviderClient.Request;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** Writes the head of a request, and the body behind it when that makes one write of both. */
final class RequestHead {
    /** Above it, copying the body costs more than a second write. */
    private static final int COPIED_BODY = 64 * 1024;

    private static final Set<String> OWN =
            Set.of("host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect");

    private byte[] bytes;
    private int count;

    private RequestHead(int size) {
        bytes = new byte[size];
    }

    /**
     * The bytes to write first; the body's are among them when it is short.
     *
     * @throws IllegalArgumentException for what would not be one well-formed request
     */
    static byte[] encode(Request request, Endpoint endpoint) {
        String method = request.method();
        String path = request.path();
        if (!isToken(method) || method.equals("CONNECT")) {
            throw new IllegalArgumentException("the method is not one of HTTP");
        }
        if (!path.startsWith("/") || path.chars().anyMatch(c -> c <= ' ' || c >= 127 || c == '#')) {
            throw new IllegalArgumentException("the path must start with '/' and be percent-encoded");
        }
        byte[] body = request.body();
        boolean copied = body != null && isCopied(request);
        RequestHead head = new RequestHead(512 + (copied ? request.length() : 0));
        head.text(method).text(" ").text(endpoint.path()).text(path).text(" HTTP/1.1\r\nHost: ");
        head.text(endpoint.authority()).text("\r\n");
        for (Header header : request.headers()) {
            if (!isToken(header.name()) || OWN.contains(header.name().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("the header '" + header.name() + "' may not be set");
            }
            head.text(header.name()).text(": ").text(header.value()).text("\r\n");
        }
        if (body != null) {
            head.text("Content-Length: ").text(Integer.toString(request.length())).text("\r\n\r\n");
            if (copied) {
                head.reserve(request.length());
                System.arraycopy(body, request.offset(), head.bytes, head.count, request.length());
                head.count += request.length();
            }
        } else {
            head.text(method.equals("POST") || method.equals("PUT") ? "Content-Length: 0\r\n\r\n" : "\r\n");
        }
        return head.count == head.bytes.length ? head.bytes : Arrays.copyOf(head.bytes, head.count);
    }

    static boolean isCopied(Request request) {
        return request.length() <= COPIED_BODY;
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenChar(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** RFC 9110, 5.6.2. */
    static boolean isTokenChar(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || (c > 0 && "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }

    private RequestHead text(String text) {
        int length = text.length();
        reserve(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c > 255) {
                throw new IllegalArgumentException("a header holds a character that HTTP cannot carry");
            }
            bytes[count++] = (byte) c;
        }
        return this;
    }

    private void reserve(int more) {
        if (bytes.length - count < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, count + more));
        }
    }
}
