using TrafficFlow.Node.Run;
using Xunit;

namespace TrafficFlow.SystemTests.Run;

public sealed class ClockAtStartTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2027, 1, 10, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("trafficflow clock ");

    [Fact]
    public void A_clock_that_nothing_speaks_against_is_not_mentioned()
    {
        Assert.Null(ClockAtStart.Problem(_folder.FullName, Now));
        Written("outbox.db", Now.AddSeconds(20));
        Assert.Null(ClockAtStart.Problem(_folder.FullName, Now));
    }

    [Fact]
    public void A_clock_behind_the_newest_file_of_the_node_is_named_with_both_times_and_the_remedy()
    {
        Written("journal.db", Now.AddDays(-3));
        Written("outbox.db-wal", Now.AddHours(2));

        var problem = ClockAtStart.Problem(_folder.FullName, Now);

        Assert.Contains("2027-01-10T12:00:00", problem, StringComparison.Ordinal);
        Assert.Contains("outbox.db-wal in its data folder was written at 2027-01-10T14:00:00", problem, StringComparison.Ordinal);
        Assert.Contains("timedatectl", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_that_boots_in_1970_is_told() =>
        Assert.Contains("before this version was made", ClockAtStart.Problem(_folder.FullName, DateTimeOffset.UnixEpoch), StringComparison.Ordinal);

    public void Dispose() => _folder.Delete(recursive: true);

    private void Written(string name, DateTimeOffset at)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, "x");
        File.SetLastWriteTimeUtc(file, at.UtcDateTime);
    }
}
