using System.Globalization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace TrafficFlow.Web.Api;

/// <summary>The OpenAPI 3.1 document of all routes below /v1, made of what stands beside each of them.</summary>
internal static class ApiDocument
{
    public const string Prefix = "/v1/";

    private const string Problem = "problem";
    private const string Bearer = "token";

    private static readonly IReadOnlyList<(int Status, string Why)> Problems =
    [
        (400, "A parameter is wrong: which, and what to do, is told."), (401, "Nobody is signed in, and no good token was shown."), (403, "Not for these roles, or not in the token's scope."),
        (404, "There is no such site."), (406, "In none of the formats of Accept."), (409, "The site or the rows cannot be said in this format."), (429, "Too many tries: see Retry-After."), (503, "The tables or the accounts do not answer now: see Retry-After."),
    ];

    /// <summary>Routes that have no description are not in it: a test finds them.</summary>
    public static async Task<byte[]> WriteAsync(IEnumerable<RouteEndpoint> endpoints, CancellationToken cancellation)
    {
        var document = new OpenApiDocument
        {
            Info = new OpenApiInfo
            {
                Title = "TrafficFlow",
                Version = "1",
                Description = "Counts, speeds and journeys of junctions. Numbers that are missing or withheld are null or empty, never zero; `state` says which. Times are RFC 3339 with their zone, or days of the site's clock. Errors are application/problem+json (RFC 9457).",
            },
            Servers = [new OpenApiServer { Url = "/" }],
            Components = new OpenApiComponents(),
            Paths = [],
        };
        document.AddComponent(Problem, new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
                ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "what is wrong" },
                ["remedy"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "what to do" },
                ["parameter"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "the one that is wrong" },
            },
        });
        document.AddComponent(Bearer, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "of trafficflow account token add" });
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
        foreach (var endpoint in endpoints.Where(e => IsOfApi(e)).OrderBy(PathOf, StringComparer.Ordinal))
        {
            if (endpoint.Metadata.GetMetadata<OpenApiOperation>() is not { } described) continue;
            var operation = new OpenApiOperation(described) { Responses = new OpenApiResponses(described.Responses ?? []) };
            foreach (var (status, why) in Problems)
            {
                operation.Responses[status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
                {
                    Description = why,
                    Content = new Dictionary<string, OpenApiMediaType> { [Http.Problem.MediaType] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(Problem, document) } },
                };
            }

            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                var path = PathOf(endpoint);
                if (!document.Paths.ContainsKey(path)) document.Paths[path] = new OpenApiPathItem();
                ((OpenApiPathItem)document.Paths[path]).AddOperation(new HttpMethod(method), operation);
            }
        }

        using var written = new MemoryStream();
        await document.SerializeAsJsonAsync(written, OpenApiSpecVersion.OpenApi3_1, cancellation);
        return written.ToArray();
    }

    public static bool IsOfApi(RouteEndpoint endpoint) => PathOf(endpoint).StartsWith(Prefix, StringComparison.Ordinal);

    private static string PathOf(RouteEndpoint endpoint) => $"/{endpoint.RoutePattern.RawText?.Trim('/')}";
}
