using System.Net;
using System.Text.Json;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Vault.Accounts;
using Xunit;

namespace TrafficFlow.SystemTests.Web;

/// <summary>The same question twice: read and written once, unless the tables have become others meanwhile.</summary>
public sealed class KeptAnswersTests : IAsyncLifetime
{
    private const string Question = $"/v1/sites/a/flows?from={FilledTables.Day}T06:00%2B09:00&to={FilledTables.Day}T07:00%2B09:00&bin=15&approach=north&movement=entering";

    private readonly FilledTables _tables = new();
    private readonly CountedReads _reads = new();
    private WebHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        var ports = await _tables.FillAsync();
        _host = await WebHost.StartAsync(ports: ports with { Flows = () => _reads.Of(ports.Flows()) });
    }

    [Fact]
    public async Task What_was_asked_before_is_not_read_again_and_who_has_it_gets_nothing()
    {
        var first = await AskAsync(Question);
        var second = await AskAsync(Question);
        var third = await AskAsync(Question, first.Tag);

        Assert.Equal((HttpStatusCode.OK, 5, 1), (first.Status, first.Buses, _reads.Count));
        Assert.Equal(first, second);
        Assert.Equal((HttpStatusCode.NotModified, first.Tag), (third.Status, third.Tag));
        Assert.Equal(1, _reads.Count);
    }

    [Fact]
    public async Task A_revision_makes_another_answer()
    {
        var before = await AskAsync(Question);
        await _tables.ReviseAsync(7);
        var after = await AskAsync(Question, before.Tag);

        Assert.Equal((HttpStatusCode.OK, 12, 2), (after.Status, after.Buses, _reads.Count));
        Assert.NotEqual(before.Tag, after.Tag);
    }

    [Fact]
    public async Task Other_questions_have_other_answers()
    {
        var entering = await AskAsync(Question);
        var toSouth = await AskAsync(Question.Replace("entering", "to%20south", StringComparison.Ordinal));
        var paged = await AskAsync($"{Question}&limit=2");

        Assert.Equal(3, new[] { entering.Tag, toSouth.Tag, paged.Tag }.Distinct().Count());
        Assert.Equal((false, true), (entering.HasNext, paged.HasNext));
    }

    private async Task<(HttpStatusCode Status, string Tag, int Buses, bool HasNext)> AskAsync(string question, string? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, question);
        request.Headers.Add("X-Test-Role", nameof(Role.Analyst));
        if (known is not null) request.Headers.Add("If-None-Match", known);
        using var answer = await _host.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        if (body.Length == 0) return (answer.StatusCode, answer.Headers.ETag!.Tag, 0, false);
        using var json = JsonDocument.Parse(body);
        var buses = json.RootElement.GetProperty("items").EnumerateArray().First(r => r.GetProperty("class").GetString() == "bus").GetProperty("count").GetInt32();
        return (answer.StatusCode, answer.Headers.ETag!.Tag, buses, json.RootElement.GetProperty("next").ValueKind == JsonValueKind.String);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _tables.Dispose();
    }

    /// <summary>Counts how often bins are read.</summary>
    private sealed class CountedReads
    {
        private int _count;

        public int Count => _count;

        public IFlowQuery Of(IFlowQuery inner) => new Query(this, inner);

        private sealed class Query(CountedReads reads, IFlowQuery inner) : IFlowQuery
        {
            public Task<IReadOnlyList<(SiteId Site, ApproachId Approach)>> ApproachesAsync(CancellationToken cancellation) => inner.ApproachesAsync(cancellation);

            public Task<IReadOnlyList<Movement>> MovementsAsync(FlowFilter filter, CancellationToken cancellation) => inner.MovementsAsync(filter, cancellation);

            public Task<DateTimeOffset?> NewestAsync(SiteId site, BinDuration duration, CancellationToken cancellation) => inner.NewestAsync(site, duration, cancellation);

            public Task<FlowPage> ReadAsync(FlowFilter filter, string? cursor, int limit, CancellationToken cancellation)
            {
                Interlocked.Increment(ref reads._count);
                return inner.ReadAsync(filter, cursor, limit, cancellation);
            }

            public Task<IReadOnlyList<BinTotals>> TotalsAsync(FlowFilter filter, TotalsBy by, CancellationToken cancellation) => inner.TotalsAsync(filter, by, cancellation);

            public Task<BinsStamp> StampAsync(FlowFilter filter, CancellationToken cancellation) => inner.StampAsync(filter, cancellation);

            public Task<IReadOnlyList<RemovedSpan>> RemovedAsync(SiteId site, CancellationToken cancellation) => inner.RemovedAsync(site, cancellation);
        }
    }
}
