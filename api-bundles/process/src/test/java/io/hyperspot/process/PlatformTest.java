// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PlatformTest {
    private final Platform linux = new Platform("linux", "x64");
    private final Platform mac = new Platform("mac", "aarch64");

    @Test
    void wantsItsOwnNativeLibrariesOnly() {
        assertThat(linux.wants("child/classes/ai/onnxruntime/native/linux-x64/libonnxruntime.so")).isTrue();
        assertThat(linux.wants("child/classes/ai/onnxruntime/native/linux-aarch64/libonnxruntime.so")).isFalse();
        assertThat(linux.wants("child/classes/ai/onnxruntime/native/win-x64/onnxruntime.dll")).isFalse();
        assertThat(linux.wants("child/classes/de/kherud/llama/Linux/x86_64/libjllama.so")).isTrue();
        assertThat(linux.wants("child/classes/de/kherud/llama/Linux/aarch64/libjllama.so")).isFalse();
        assertThat(linux.wants("child/classes/de/kherud/llama/Windows/x86_64/jllama.dll")).isFalse();
        assertThat(mac.wants("child/classes/de/kherud/llama/Mac/aarch64/libjllama.dylib")).isTrue();
        assertThat(mac.wants("child/classes/ai/onnxruntime/native/osx-aarch64/libonnxruntime.dylib")).isTrue();
        assertThat(mac.wants("child/classes/ai/onnxruntime/native/osx-x64/libonnxruntime.dylib")).isFalse();
    }

    @Test
    void wantsEverythingElse() {
        assertThat(linux.wants("child/tokenizers.jar")).isTrue();
        assertThat(linux.wants("child/classes/ai/onnxruntime/platform/Fp16Conversions.class")).isTrue();
        assertThat(linux.wants("child/classes/windowing/Window.class")).isTrue();
        assertThat(linux.wants("child/classes/x86/Decoder.class")).isTrue();
        assertThat(linux.wants("windows")).isTrue();
    }

    @Test
    void knowsWhereItRuns() {
        assertThat(Platform.current().system()).isIn("linux", "mac", "win");
        assertThat(Platform.current().architecture()).isIn("x64", "aarch64");
    }
}
