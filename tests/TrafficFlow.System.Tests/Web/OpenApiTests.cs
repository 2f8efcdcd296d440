using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web.Routes;
using Xunit;

namespace TrafficFlow.SystemTests.Web;

/// <summary>The description of the routes; whether it is valid by the published schema, PublishedSchemasTests tells.</summary>
public sealed class OpenApiTests
{
    public static async Task<string> DocumentAsync()
    {
        await using var host = await WebHost.StartAsync();
        using var answer = await host.SendAsync("GET", "/v1/openapi.json", Role.City);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Every_route_of_the_interface_is_described_with_its_parameters_and_problems_and_nothing_else_is()
    {
        await using var host = await WebHost.StartAsync();
        using var document = JsonDocument.Parse(await DocumentAsync());
        var described = document.RootElement.GetProperty("paths").EnumerateObject().ToList();

        Assert.StartsWith("3.1", document.RootElement.GetProperty("openapi").GetString());
        Assert.Equal(
            host.Server.Endpoints.OfType<RouteEndpoint>().Select(e => e.RoutePattern.RawText!).Where(p => p.StartsWith("/v1/", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            described.Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.All(described, path => Assert.All(path.Value.EnumerateObject(), operation =>
        {
            Assert.NotNull(RouteTable.Find(operation.Name.ToUpperInvariant(), path.Name));
            Assert.NotEmpty(operation.Value.GetProperty("summary").GetString()!);
            Assert.All(["200", "400", "401", "403", "503"], s => Assert.True(operation.Value.GetProperty("responses").TryGetProperty(s, out _)));
            var parameters = operation.Value.TryGetProperty("parameters", out var all) ? all.EnumerateArray().ToList() : [];
            Assert.Equal(path.Name.Contains("{site}", StringComparison.Ordinal), parameters.Any(p => p.GetProperty("in").GetString() == "path"));
        }));
    }

    [Theory]
    [InlineData("/v1/sites/demo/flows")]
    [InlineData("/v1/sites/demo/journeys")]
    [InlineData("/v1/released/sites/demo/flows")]
    public async Task Every_parameter_that_a_route_takes_is_described(string path)
    {
        await using var host = await WebHost.StartAsync();
        using var answer = await host.SendAsync("GET", $"{path}?unheard=of", Role.Operator);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var known = problem.RootElement.GetProperty("remedy").GetString()!["use ".Length..].Split(", ");

        using var document = JsonDocument.Parse(await DocumentAsync());
        var parameters = document.RootElement.GetProperty("paths").GetProperty(path.Replace("demo", "{site}", StringComparison.Ordinal)).GetProperty("get").GetProperty("parameters").EnumerateArray();
        Assert.Equal(known.Order(), parameters.Where(p => p.GetProperty("in").GetString() == "query").Select(p => p.GetProperty("name").GetString()!).Order());
    }

    [Fact]
    public async Task The_page_of_the_description_has_its_script_from_here_and_nothing_inline()
    {
        await using var host = await WebHost.StartAsync();
        using var answer = await host.SendAsync("GET", "/api", Role.City);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.All(page.Split("<script").Skip(1), s => Assert.Contains("src=\"/", s[..s.IndexOf('>')]));
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.DoesNotContain("unsafe", policy);
        var nonce = page.Split("csp-nonce\" content=\"")[1].Split('"')[0];
        Assert.Contains($"style-src 'self' 'nonce-{nonce}';", policy);
        using var again = await host.SendAsync("GET", "/api", Role.City);
        Assert.DoesNotContain(nonce, await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var script = await host.SendAsync("GET", "/api/scalar.js", null);
        Assert.Equal(("text/javascript", HttpStatusCode.OK), (script.Content.Headers.ContentType?.MediaType, script.StatusCode));
        Assert.Contains("csp-nonce", await script.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
