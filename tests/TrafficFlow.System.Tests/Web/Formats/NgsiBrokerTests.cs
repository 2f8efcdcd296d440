using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TrafficFlow.Web.Formats.Ngsi;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Formats;

/// <summary>Entities are pushed over HTTP to a server that answers as brokers do: no broker can be installed here.</summary>
public sealed class NgsiBrokerTests : IAsyncLifetime
{
    private readonly List<(string Request, string? Type, string? Tenant, JsonArray Entities)> _taken = [];
    private WebApplication _server = null!;
    private (int Status, string Body) _answer = (204, "");

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Run(async context =>
        {
            var entities = (await JsonNode.ParseAsync(context.Request.Body))!.AsArray();
            _taken.Add(($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}", context.Request.ContentType, context.Request.Headers["NGSILD-Tenant"], entities));
            context.Response.StatusCode = _answer.Status;
            if (_answer.Body.Length > 0) await context.Response.WriteAsync(_answer.Body);
        });
        await _server.StartAsync();
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Entities_are_replaced_in_requests_of_a_bounded_size()
    {
        using var http = Client();
        var entities = Enumerable.Range(0, NgsiBroker.MostOfARequest + 1).Select(i => new JsonObject { ["id"] = $"urn:{i}" }).ToList();

        await new NgsiBroker(http, "kawasaki").UpsertAsync(entities, CancellationToken.None);

        Assert.Equal([NgsiBroker.MostOfARequest, 1], _taken.Select(t => t.Entities.Count));
        Assert.All(_taken, t => Assert.Equal(("POST /orion/ngsi-ld/v1/entityOperations/upsert?options=replace", "application/ld+json", "kawasaki"), (t.Request, t.Type, t.Tenant)));
        Assert.Equal($"urn:{NgsiBroker.MostOfARequest}", _taken[1].Entities[0]!["id"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(400, """{"type":"BadRequestData","title":"bad attribute","detail":"no @context"}""", "the context broker answered 400 (bad attribute, no @context): check the version of NGSI-LD that it speaks", false)]
    [InlineData(207, """{"success":[],"errors":[{"entityId":"urn:1","error":{"title":"too large"}}]}""", "the context broker answered 207 (urn:1, too large): it took the other entities", false)]
    [InlineData(401, "", "the context broker answered 401: check the broker's token and tenant", false)]
    [InlineData(404, "<html>", "the context broker answered 404: check the broker's address: the path ngsi-ld/v1/ goes behind it", false)]
    [InlineData(429, "[]", "the context broker answered 429: it may take them later", true)]
    [InlineData(503, "\"busy\"", "the context broker answered 503: it may take them later", true)]
    [InlineData(500, "{\"title\":\"\\u001b[31mred\"}", "the context broker answered 500 (", true)]
    public async Task A_refusal_says_why_and_whether_to_try_again(int status, string body, string message, bool mayPass)
    {
        using var http = Client();
        _answer = (status, body);

        var refused = await Assert.ThrowsAsync<NgsiBrokerException>(() => new NgsiBroker(http).UpsertAsync([new JsonObject { ["id"] = "urn:1" }], CancellationToken.None));

        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', refused.Message);
        Assert.Equal(mayPass, refused.MayPass);
    }

    [Fact]
    public async Task A_broker_that_is_away_may_take_them_later()
    {
        using var http = Client();
        await _server.StopAsync();

        var refused = await Assert.ThrowsAsync<NgsiBrokerException>(() => new NgsiBroker(http).UpsertAsync([new JsonObject { ["id"] = "urn:1" }], CancellationToken.None));

        Assert.True(refused.MayPass);
        Assert.StartsWith($"the context broker {http.BaseAddress} cannot be reached", refused.Message, StringComparison.Ordinal);
    }

    private HttpClient Client() => new()
    {
        BaseAddress = new Uri($"{_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}/orion/"),
    };
}
