using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.SystemTests.Runbooks;

/// <summary>The read tables of a node on SQLite, as `trafficflow export` reads them, against what its replay cameras have played.</summary>
/// <param name="siteFile">Of the only site of the node.</param>
internal sealed class StoredFlows(string data, string siteFile)
{
    private readonly Site _site = SiteSettings.Load(siteFile).Site;

    private IReadOnlyList<ApproachId> Approaches => [.. _site.Approaches.Select(a => a.Id)];

    /// <summary>Event time up to which every approach has closed its bins of one minute; null before that.</summary>
    public async Task<DateTimeOffset?> ClosedThroughAsync() => BinComparison.ClosedThrough(await ReadAsync([BinDuration.OneMinute]), Approaches);

    /// <summary>All that is closed, with the truth.</summary>
    public async Task<BinComparison> CompareAsync()
    {
        var bins = await ReadAsync(BinDuration.All);
        var through = BinComparison.ClosedThrough(bins, Approaches) ?? throw new InvalidOperationException("no bin is closed");
        return BinComparison.Of(bins, new ReplayTruth(_site, new ReplayScripts().Script), Approaches, new Interval(ReplaySource.Default.Start, through));
    }

    private async Task<IReadOnlyList<StoredBin>> ReadAsync(IReadOnlyList<BinDuration> durations)
    {
        var bins = new List<StoredBin>();
        try
        {
            var tables = ReadTables.Flows(new SqliteJournal(Path.Combine(data, "journal.db")));
            foreach (var duration in durations)
            {
                var filter = new FlowFilter(_site.Id, duration, new Interval(ReplaySource.Default.Start, ReplaySource.Default.Start.AddDays(1)));
                await foreach (var closed in tables.ReadAllAsync(filter))
                {
                    var (key, rows) = (closed.Bin.Key, closed.Bin.Rows.ToDictionary(r => (r.Movement, r.Class), r => (long)r.Sums.Count));
                    bins.Add(new StoredBin(key.Approach, key.Duration, key.Start, closed.Bin.End, closed.Bin.Observed, rows));
                }
            }
        }
        catch (QueryException)
        {
            // Not made yet, or busy: whoever waits asks again.
        }

        return bins;
    }
}
