// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.idempotency;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An answer to be given again. */
public record KeptAnswer(int status, Map<String, List<String>> headers, byte[] body) {
    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length + 256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(status);
            out.writeInt(headers.size());
            for (Map.Entry<String, List<String>> header : headers.entrySet()) {
                out.writeUTF(header.getKey());
                out.writeInt(header.getValue().size());
                for (String value : header.getValue()) {
                    out.writeUTF(value);
                }
            }
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be written", e);
        }
        return bytes.toByteArray();
    }

    static KeptAnswer of(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int status = in.readInt();
            Map<String, List<String>> headers = new LinkedHashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                String name = in.readUTF();
                List<String> values = new ArrayList<>();
                for (int more = in.readInt(); more > 0; more--) {
                    values.add(in.readUTF());
                }
                headers.put(name, values);
            }
            return new KeptAnswer(status, headers, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("what was kept is no answer", e);
        }
    }

    // answers are never compared
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /** Without the body, which may hold a secret. */
    @Override
    public String toString() {
        return "KeptAnswer[" + status + "]";
    }
}
