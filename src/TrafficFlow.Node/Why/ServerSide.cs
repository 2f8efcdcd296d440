using System.Globalization;
using Akka.Actor;
using Akka.Hosting;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Node.Why;

/// <summary>What became of a count behind the camera: taken or waiting, and the bins in which it stands, with their revisions.</summary>
internal static class ServerSide
{
    private const string NotHere = "bin and revision are unknown; ask on the server";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Of a running node: asks the aggregators, and the read tables where this node has them.</summary>
    /// <param name="cluster">Null while the node is in no cluster.</param>
    public static async Task<IReadOnlyList<WhyRow>> AskAsync(ActorSystem? cluster, Func<IFlowQuery>? tables, EvidenceDocument document)
    {
        var approaches = cluster is { WhenTerminated.IsCompleted: false } && ActorRegistry.For(cluster).TryGet<ApproachRegion>(out var region) ? region : null;
        // An operator waits for all of them together.
        var parts = await Task.WhenAll(document.Counted.Select(c => AskAsync(approaches, tables, new CountedAt(new SiteId(document.Site), new ApproachId(c.Approach), c), document)));
        return [.. parts.SelectMany(p => p)];
    }

    private static async Task<List<WhyRow>> AskAsync(IActorRef? approaches, Func<IFlowQuery>? tables, CountedAt about, EvidenceDocument document)
    {
        // All at once: of a server that hangs each would be waited for.
        var status = AskAsync<ApproachStatus>(approaches, new GetApproachStatus(about.Site, about.Approach));
        var quarantine = AskAsync<Quarantine>(approaches, new GetQuarantine(about.Site, about.Approach));
        var bins = Task.WhenAll(BinDuration.All.Select(d => BinAsync(approaches, about, about.Bin(d, document), d)));
        var stored = ReadAsync(tables, about, document);
        await Task.WhenAll(status, quarantine, bins, stored);
        if (await status is null) return [Taken(about, null, document), .. Stored(await stored, about, "the server does not answer: ")];
        List<WhyRow> rows = [Taken(about, await status, document), Held(about, await quarantine, document)];
        var open = (await bins).OfType<FlowBin>().ToList();
        rows.AddRange(open.Select(b => Row(about, b, null, document)));
        rows.AddRange(Stored(await stored, about, open.Count > 0 ? "" : "the aggregator has no bin of this time: "));
        return rows;
    }

    private static async Task<FlowBin?> BinAsync(IActorRef? approaches, CountedAt about, Interval span, BinDuration duration) =>
        (await AskAsync<FlowBins>(approaches, new GetFlowBins(about.Site, about.Approach, duration, span.From, span.To)))?.Bins.FirstOrDefault(b => b.Key.Start == span.From);

    /// <summary>Of a stopped node: from the read tables in its data folder, where it had any.</summary>
    public static async Task<IReadOnlyList<WhyRow>> ReadAsync(Func<IFlowQuery>? tables, EvidenceDocument document)
    {
        var rows = new List<WhyRow>();
        foreach (var counted in document.Counted)
        {
            var about = new CountedAt(new SiteId(document.Site), new ApproachId(counted.Approach), counted);
            rows.AddRange(Stored(await ReadAsync(tables, about, document), about, "the node is stopped: "));
        }

        return rows;
    }

    /// <param name="Problem">Why there are no rows; null where they were read.</param>
    private sealed record StoredBins(IReadOnlyList<WhyRow> Rows, string? Problem);

    private sealed record CountedAt(SiteId Site, ApproachId Approach, CountedPart Counted)
    {
        public string Name => $"{Approach}, {Counted.Movement}";

        public Interval Bin(BinDuration duration, EvidenceDocument document) =>
            new BinAlignment(document.Zone is { } id && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : TimeZoneInfo.Utc).Containing(Counted.Time, duration);
    }

    private static WhyRow Taken(CountedAt about, ApproachStatus? status, EvidenceDocument document)
    {
        if (status is null) return new("server", about.Name, "the server does not answer: whether it has taken this count is not known; it waits in the outbox until it has");
        if (!EntryId.TryParse(document.Id, out var id)) return new("server", about.Name, "not known: its id is damaged");
        var entry = id.Position with { Sequence = about.Counted.Sequence ?? id.Position.Sequence };
        var progress = status.Cameras.FirstOrDefault(c => c.Camera == id.Camera);
        return new("server", about.Name, progress is null ? $"has not taken anything of {id.Camera} yet"
            : progress.HighWater >= entry ? $"taken: everything of {id.Camera} up to {progress.HighWater} is; closed through {(status.ClosedThrough is { } through ? WhyTable.Clock(through, document) : "nothing yet")}"
            : $"not taken yet: everything of {id.Camera} up to {progress.HighWater} is, and this count is {entry}");
    }

    private static WhyRow Held(CountedAt about, Quarantine? quarantine, EvidenceDocument document)
    {
        if (quarantine is null) return new("server", $"{about.Name}, clock", "not known: the server does not answer what is held in quarantine");
        var run = EntryId.TryParse(document.Id, out var id) ? quarantine.Runs.FirstOrDefault(r => r.Camera == id.Camera && r.Epoch == id.Position.Epoch) : null;
        return new("server", $"{about.Name}, clock", run is null ? "right: nothing of this log is held in quarantine" : $"wrong: {run.Entries} entries of this log are held in quarantine since {WhyTable.Clock(run.Since, document)}, and in no bin");
    }

    /// <param name="because">Why the read tables are asked; empty where they only add to what is known.</param>
    private static IEnumerable<WhyRow> Stored(StoredBins stored, CountedAt about, string because) =>
        stored.Rows.Count > 0 || (because.Length == 0 && stored.Problem is null or NotHere) ? stored.Rows
        : [new("bin", about.Name, $"{because}{stored.Problem ?? "the read tables have no bin of this time: it had not closed, or what waits in the outbox was never delivered"}")];

    /// <summary>What the read tables have, within the patience of an operator.</summary>
    private static async Task<StoredBins> ReadAsync(Func<IFlowQuery>? tables, CountedAt about, EvidenceDocument document)
    {
        if (tables is null) return new([], NotHere);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var rows = new List<WhyRow>();
            foreach (var duration in BinDuration.All)
            {
                var span = about.Bin(duration, document);
                var filter = new FlowFilter(about.Site, duration, new Interval(span.From, span.From.AddSeconds(1))) { Approach = about.Approach, Revisions = RevisionFilter.All };
                foreach (var closed in (await tables().ReadAsync(filter, null, 1000, patience.Token)).Bins) rows.Add(Row(about, closed.Bin, closed.ClosedAt, document));
            }

            return new(rows, null);
        }
        catch (QueryException e)
        {
            return new([], $"bin and revision are unknown: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            return new([], $"bin and revision are unknown: the read tables do not answer within {Patience.TotalSeconds:0} s");
        }
    }

    private static WhyRow Row(CountedAt about, FlowBin bin, DateTimeOffset? closedAt, EvidenceDocument document)
    {
        var span = $"{bin.Key.Duration} from {WhyTable.Clock(bin.Key.Start, document)[11..16]}";
        var count = bin.Count(new Movement(about.Counted.Movement)) is { } vehicles ? $"{vehicles} vehicles of {about.Counted.Movement}" : "missing";
        var state = closedAt is { } at ? $"closed {WhyTable.Clock(at, document)}" : bin.IsClosed ? "closed" : "open, still counting";
        return new("bin", closedAt is null ? $"{about.Name}, {span}" : $"{about.Name}, {span}, revision {bin.Revision}", string.Create(
            CultureInfo.InvariantCulture, $"revision {bin.Revision}{(bin.Revision > 1 ? " (revised by late data)" : "")}, {state}, {bin.Quality.ToString().ToLowerInvariant()}, observed {bin.ObservedSeconds:0.#} s, {count}"));
    }

    private static async Task<T?> AskAsync<T>(IActorRef? approaches, IApproachMessage question)
        where T : class
    {
        if (approaches is null) return null;
        try
        {
            return await approaches.Ask<object>(question, Patience) as T;
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
