// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.rates;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts by name as bytes: their number, then name and count of each. */
final class Use {
    private static final Logger log = LoggerFactory.getLogger(Use.class);

    private Use() {}

    static byte[] write(Map<String, Long> used) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(used.size());
            for (Map.Entry<String, Long> entry : used.entrySet()) {
                out.writeUTF(entry.getKey());
                out.writeLong(entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a name is too long to be told", e);
        }
        return bytes.toByteArray();
    }

    /** What another version of this server wrote in another way counts for nothing. */
    static Map<String, Long> read(byte[] bytes) {
        Map<String, Long> used = new HashMap<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            for (int left = in.readInt(); left > 0; left--) {
                used.merge(in.readUTF(), in.readLong(), Long::sum);
            }
        } catch (IOException e) {
            log.debug("what another server let through cannot be read", e);
        }
        return used;
    }
}
