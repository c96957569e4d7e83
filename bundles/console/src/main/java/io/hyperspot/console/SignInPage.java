// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

/** The form that asks for the token. */
final class SignInPage {
    private static final String TEMPLATE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>HyperSpot console</title>
            <style>
              body { font: 16px/1.5 system-ui, sans-serif; background: #f3f4f6; color: #111827; margin: 0;
                     display: grid; place-items: center; min-height: 100vh }
              main { background: #fff; padding: 2rem; border-radius: .5rem; max-width: 28rem; box-shadow: 0 1px 3px #0003 }
              h1 { font-size: 1.25rem; margin: 0 0 1rem }
              label { display: block; margin-bottom: .25rem }
              input { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; border: 1px solid #6b7280; border-radius: .25rem }
              button { font: inherit; margin-top: 1rem; padding: .5rem 1rem; border: 0; border-radius: .25rem; background: #1d4ed8; color: #fff }
              .message { color: #b91c1c }
              code { overflow-wrap: anywhere }
            </style>
            </head>
            <body><main>
            <h1>HyperSpot console</h1>
            {message}
            {form}
            </main></body>
            </html>
            """;
    private static final String FORM = """
            <form method="post">
            <label for="admin_token">Admin token</label>
            <input id="admin_token" name="admin_token" type="password" autocomplete="off" required autofocus>
            <p>It is in <code>{file}</code> and signs in once.</p>
            <button type="submit">Sign in</button>
            </form>
            """;

    private SignInPage() {}

    static String html(String message, String file, boolean form) {
        return TEMPLATE.replace(
                        "{message}",
                        message.isEmpty() ? "" : "<p class=\"message\" role=\"alert\">" + Html.escape(message) + "</p>")
                .replace("{form}", form ? FORM.replace("{file}", Html.escape(file)) : "");
    }
}
