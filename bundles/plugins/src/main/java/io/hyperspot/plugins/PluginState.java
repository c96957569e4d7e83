// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins;

/** Where a file of the drop-in folder stands. */
public enum PluginState {
    /** It is still being written, or is being looked at. */
    ARRIVING,
    /** Its components run. */
    ACTIVE,
    /** It needs something that is not there yet; tried again when another plugin comes. */
    WAITING,
    /** It cannot be used as it is; a new file of the same name is looked at again. */
    REJECTED,
    /** It is being stopped and finishes the calls that it has. */
    DRAINING
}
