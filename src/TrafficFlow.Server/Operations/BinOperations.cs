using System.Globalization;
using Akka.Actor;
using Akka.Hosting;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Recordings;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Server.Health;
using TrafficFlow.Server.Queries;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Server.Operations;

/// <summary>`bin show`: one bin as its aggregator has it now, or as it stands in the read tables.</summary>
/// <param name="sites">Those whose approaches this node knows, now.</param>
/// <param name="tables">A server's read tables; null on other nodes.</param>
public sealed class BinOperations(ActorSystem system, Func<IReadOnlyList<Site>> sites, Func<IFlowQuery>? tables, IHealthQuery health, OperatorTimeouts? timeouts = null) : IOperations
{
    private readonly OperatorTimeouts _timeouts = timeouts ?? new OperatorTimeouts();

    public Task<OperatorReply>? Answer(OperatorCommand command) => command is ShowBin show ? ShowAsync(show) : null;

    private async Task<OperatorReply> ShowAsync(ShowBin command)
    {
        var known = sites().SelectMany(s => ApproachSetup.Of(s).Select(a => (Site: s, Setup: a)))
            .ToDictionary(a => ApproachRouting.EntityOf(a.Setup.Site, a.Setup.Approach), StringComparer.Ordinal);
        if (!known.TryGetValue(command.Approach, out var found))
        {
            return new CommandFailed(
                $"there is no approach {command.Approach}", known.Count == 0 ? "name this node's site files under trafficflow.node.sites" : $"this node's site files have {string.Join(", ", known.Keys)}");
        }

        var zone = found.Site.TimeZone;
        if (Instant(command.Time, zone, TimeProvider.System.GetUtcNow()) is not { } time)
            return new CommandFailed($"\"{command.Time}\" is no time of the site's clock", "write 2026-11-28T07:00, with an offset where it is not the site's, or 07:00 for today");
        var span = new BinAlignment(zone).Containing(time, command.Duration);
        var (stored, problem) = await StoredAsync(found.Setup, command.Duration, span);
        var now = ActorRegistry.For(system).TryGet<ApproachRegion>(out var approaches)
            ? await AskWithTimeout.AskAsync<FlowBins>(approaches, new GetFlowBins(found.Setup.Site, found.Setup.Approach, command.Duration, span.From, span.To), _timeouts.Cluster)
            : null;
        var bin = now?.Bins.FirstOrDefault(b => b.Key.Start == span.From) ?? stored?.LastOrDefault()?.Bin;
        if (bin is not null)
        {
            List<string> notes = [];
            if (now is null) notes.Add("no server answers: this is the newest revision of the read tables");
            if (problem.Length > 0) notes.Add(problem);
            return BinTables.Show(bin, zone, stored, await health.ReadAsync(found.Setup.Site, CancellationToken.None), notes);
        }

        var which = $"the bin of {command.Duration} of {command.Approach} that begins at {span.From.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture)}";
        return now is null
            ? new CommandFailed($"no server answers for {which}{(problem.Length > 0 ? $"; {problem}" : "")}", "start a server, and look at cluster show")
            : new CommandFailed(
                $"{which} is not there",
                stored is null ? "its aggregator has forgotten it, or nothing was watched then: ask on a server, whose tables reach back further" : "nothing was watched then, or it is older than the tables are kept: approach show tells how far was counted");
    }

    private async Task<(IReadOnlyList<ClosedBin>? Stored, string Problem)> StoredAsync(ApproachSetup setup, BinDuration duration, Interval span)
    {
        if (tables is null) return (null, "");
        try
        {
            var filter = new FlowFilter(setup.Site, duration, new Interval(span.From, span.From.AddSeconds(1))) { Approach = setup.Approach, Revisions = RevisionFilter.All };
            return ((await tables().ReadAsync(filter, null, 1000, CancellationToken.None)).Bins, "");
        }
        catch (QueryException e)
        {
            return (null, $"the read tables cannot be read: {e.Message}");
        }
    }

    private static DateTimeOffset? Instant(string text, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            text = $"{TimeZoneInfo.ConvertTime(now, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}T{text}";
        return WallClockTime.TryParse(text, out var time) && time.Instants(zone) is [var first, ..] ? first : null;
    }
}
