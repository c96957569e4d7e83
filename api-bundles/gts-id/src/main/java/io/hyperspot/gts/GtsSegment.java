// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts;

/**
 * One segment of a GTS id. The segment that stands for a UUID tail has empty names and major 0.
 *
 * @param packageName the token that the specification calls {@code package}
 * @param minor {@link #NO_MINOR} when the id states none
 * @param isType whether the segment ends with {@code ~}
 */
public record GtsSegment(
        String vendor, String packageName, String namespace, String type, int major, int minor, boolean isType) {
    /** The minor version of a segment that states none. */
    public static final int NO_MINOR = -1;

    static final GtsSegment UUID_TAIL = new GtsSegment("", "", "", "", 0, NO_MINOR, false);

    public boolean hasMinor() {
        return minor != NO_MINOR;
    }

    GtsSegment withoutMinor() {
        return new GtsSegment(vendor, packageName, namespace, type, major, NO_MINOR, isType);
    }

    /** Whether vendor, package, namespace and type are the same. */
    public boolean sameNames(GtsSegment other) {
        return vendor.equals(other.vendor)
                && packageName.equals(other.packageName)
                && namespace.equals(other.namespace)
                && type.equals(other.type);
    }

    /** The name at a position of the grammar: vendor, package, namespace, type. */
    String name(int index) {
        return switch (index) {
            case 0 -> vendor;
            case 1 -> packageName;
            case 2 -> namespace;
            case 3 -> type;
            default -> throw new IndexOutOfBoundsException(index);
        };
    }

    /** The segment as it is written, with its closing {@code ~} when it is a type. */
    @Override
    public String toString() {
        return vendor
                + '.'
                + packageName
                + '.'
                + namespace
                + '.'
                + type
                + ".v"
                + major
                + (hasMinor() ? "." + minor : "")
                + (isType ? "~" : "");
    }
}
