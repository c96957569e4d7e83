// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.guard;

import java.net.Socket;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.jspecify.annotations.Nullable;

/**
 * The library's own connection writes headers and bodies, credentials included, to the log as soon as
 * somebody sets a level of DEBUG. This one cannot. It also skips no garbage before a status line.
 */
final class UnloggedConnection extends DefaultBHttpClientConnection implements ManagedHttpClientConnection {
    UnloggedConnection(Http1Config config) {
        super(config);
    }

    @Override
    public @Nullable Socket getSocket() {
        SocketHolder holder = getSocketHolder();
        return holder == null ? null : holder.getSocket();
    }

    @Override
    public void passivate() {}

    @Override
    public void activate() {}
}
