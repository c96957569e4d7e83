// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.embeddings.minilm.child;

import ai.onnxruntime.OrtEnvironment;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where ONNX Runtime's native libraries are. */
final class Natives {
    private Natives() {}

    /**
     * When they are files already, has them loaded from there: the library's own copy, made at each
     * start, is left behind by a process that is halted.
     */
    static void useUnpacked() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        boolean arm = System.getProperty("os.arch", "").equals("aarch64");
        String system = os.contains("mac") ? "osx" : os.contains("win") ? "win" : "linux";
        String library = system.equals("win") ? "onnxruntime.dll" : system.equals("osx") ? "libonnxruntime.dylib" : "libonnxruntime.so";
        @Nullable URL url = OrtEnvironment.class.getResource(
                "/ai/onnxruntime/native/" + system + (arm ? "-aarch64/" : "-x64/") + library);
        if (url == null || !url.getProtocol().equals("file")) {
            return;
        }
        try {
            System.setProperty(
                    "onnxruntime.native.path",
                    Path.of(url.toURI()).resolveSibling("").toAbsolutePath().toString());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
