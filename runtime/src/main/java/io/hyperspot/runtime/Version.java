// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import picocli.CommandLine.IVersionProvider;

/** The version of the distribution. */
final class Version implements IVersionProvider {
    static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"hyperspot " + number() + " on Java " + Runtime.version()};
    }
}
