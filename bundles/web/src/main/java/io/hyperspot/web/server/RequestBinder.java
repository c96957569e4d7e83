// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.Client;
import io.hyperspot.web.EventStream;
import io.hyperspot.web.spi.Exchange;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.function.Supplier;
import org.glassfish.jersey.internal.inject.AbstractBinder;

/** Lets resource methods take the caller, the exchange and a stream of events by {@code @Context}. */
final class RequestBinder extends AbstractBinder {
    @Override
    protected void configure() {
        bindFactory(Caller.class).to(SecurityContext.class);
        bindFactory(Current.class).to(Exchange.class);
        bindFactory(Sender.class).to(Client.class);
        bindFactory(Events.class).to(EventStream.class);
    }

    /** The caller of the current request. */
    static final class Caller implements Supplier<SecurityContext> {
        private final Provider<ContainerRequestContext> request;

        @Inject
        Caller(Provider<ContainerRequestContext> request) {
            this.request = request;
        }

        @Override
        public SecurityContext get() {
            return JerseyApplication.visit(request.get()).exchange.security();
        }
    }

    /** The current request itself. */
    static final class Current implements Supplier<Exchange> {
        private final Provider<ContainerRequestContext> request;

        @Inject
        Current(Provider<ContainerRequestContext> request) {
            this.request = request;
        }

        @Override
        public Exchange get() {
            return JerseyApplication.visit(request.get()).exchange;
        }
    }

    /** Who sent the current request. */
    static final class Sender implements Supplier<Client> {
        private final Provider<ContainerRequestContext> request;

        @Inject
        Sender(Provider<ContainerRequestContext> request) {
            this.request = request;
        }

        @Override
        public Client get() {
            return JerseyApplication.gate(request.get()).client(JerseyApplication.visit(request.get()));
        }
    }

    /** The answer of the current request as a stream of events. */
    static final class Events implements Supplier<EventStream> {
        private final Provider<ContainerRequestContext> request;

        @Inject
        Events(Provider<ContainerRequestContext> request) {
            this.request = request;
        }

        @Override
        public EventStream get() {
            return JerseyApplication.visit(request.get()).exchange.events();
        }
    }
}
