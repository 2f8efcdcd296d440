using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Scalar.AspNetCore;
using TrafficFlow.Web.Http;
using TrafficFlow.Web.Rest;
using TrafficFlow.Web.Routes;

namespace TrafficFlow.Web.Api;

/// <summary>`/v1/openapi.json`, and a page that shows it (Scalar, whose script is served out of its assembly).</summary>
internal static class ApiRoutes
{
    public const string Page = "/api";

    private const string Script = "/api/scalar.js";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/openapi.json", async (EndpointDataSource routes, HttpContext context) =>
                await JsonAnswer.WriteBytesAsync(context, await ApiDocument.WriteAsync(routes.Endpoints.OfType<RouteEndpoint>(), context.RequestAborted), "application/json"))
            .WithMetadata(ApiOperation.Get("describe", "This document.", "OpenAPI 3.1.", [], ("application/json", ApiOperation.Thing())));
        app.MapGet(Page, WritePageAsync);
        app.MapGet(Script, context => EmbeddedAssets.AnswerAsync(context, typeof(ScalarOptions).Assembly, "ScalarStaticAssets.scalar.js"));
    }

    private static async Task WritePageAsync(HttpContext context)
    {
        // Scalar puts its one style sheet into the page from its script: by the nonce that it finds there, which the policy of no other page has.
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.PolicyWithStyle(nonce);
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta property="csp-nonce" content="{nonce}" />
                <title>API · TrafficFlow</title>
                <link rel="icon" type="image/svg+xml" href="{EmbeddedAssets.AddressOf("/_content/trafficflow/icon.svg")}" />
            </head>
            <body>
                <div id="api"></div>
                <script src="{Script}"></script>
                <script src="{EmbeddedAssets.AddressOf("/_content/trafficflow/api.js")}"></script>
            </body>
            </html>
            """, context.RequestAborted);
    }
}
