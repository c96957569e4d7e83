// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.util.function.Consumer;

/** What a class file says of itself without being loaded. */
final class ClassReferences {
    private static final int MAGIC = 0xCAFEBABE;
    private static final int JAVA_0 = 44;
    private static final int PREVIEW = 0xFFFF;
    private static final int HEADER = 10;

    private ClassReferences() {}

    /** The Java version that it needs; negative when it is no class file. */
    static int java(byte[] bytes) {
        if (bytes.length < HEADER || ((u2(bytes, 0) << 16) | u2(bytes, 2)) != MAGIC) {
            return -1;
        }
        return u2(bytes, 6) - JAVA_0;
    }

    /** Whether only a Java of the same version with preview features loads it. */
    static boolean isPreview(byte[] bytes) {
        return u2(bytes, 4) == PREVIEW;
    }

    private static int u2(byte[] bytes, int at) {
        return ((bytes[at] & 0xFF) << 8) | (bytes[at + 1] & 0xFF);
    }

    /**
     * Tells the internal names of the classes that it refers to, itself included.
     *
     * @return its own
     * @throws IllegalArgumentException when it is damaged
     */
    static String of(byte[] bytes, Consumer<String> target) {
        ClassModel model = ClassFile.of().parse(bytes);
        for (PoolEntry entry : model.constantPool()) {
            if (entry instanceof ClassEntry type) {
                String name = type.asInternalName();
                if (name.startsWith("[")) {
                    int element = name.lastIndexOf('[') + 1;
                    if (name.length() > element + 2 && name.charAt(element) == 'L') {
                        target.accept(name.substring(element + 1, name.length() - 1));
                    }
                } else {
                    target.accept(name);
                }
            }
        }
        return model.thisClass().asInternalName();
    }
}
