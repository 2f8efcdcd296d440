using Akka.Actor;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Flow;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Journals;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Tables;

/// <summary>The writer of the read tables, on SQLite.</summary>
public sealed class FlowTableWriterTests() : TestKit(TestConfig.Reference)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task It_deletes_what_is_older_than_the_retention_while_it_writes()
    {
        var journal = new SqliteJournal(_folder.File("journal.db"));
        var retention = new TableRetention { MinuteBins = 2 * Day, Check = TimeSpan.FromMilliseconds(50) };
        var writer = Sys.ActorOf(FlowTableWriter.Props(new FlowTables(journal), retention, new ManualTime(At(0) + (4 * Day))));

        for (var day = 0; day < 5; day++) await writer.Ask<BinsWritten>(new WriteBins(TestSites.Kokandori, TestSites.North, [Bin(day)]), Patience);

        await AwaitConditionAsync(async () => (await StoredAsync(journal)).SequenceEqual([3, 4, 5]), Patience, TimeSpan.FromMilliseconds(50));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private static ClosedBin Bin(int day)
    {
        var start = At(0) + (day * Day);
        return new ClosedBin(
            day + 1,
            new FlowBin(
                new BinKey(TestSites.Kokandori, TestSites.North, BinDuration.OneMinute, start), start.AddMinutes(1), TimeSpan.FromMinutes(1), BinQuality.Complete, 1, [], []),
            start.AddSeconds(61));
    }

    private static async Task<IEnumerable<long>> StoredAsync(SqliteJournal journal)
    {
        var filter = new FlowFilter(TestSites.Kokandori, BinDuration.OneMinute, new Interval(At(0), At(0) + (30 * Day)));
        return (await ReadTables.Flows(journal).ReadAsync(filter, null, 100, default)).Bins.Select(b => b.Cursor);
    }
}
