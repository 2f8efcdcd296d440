using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Processes;
using Xunit;

namespace TrafficFlow.SystemTests.Faults;

/// <summary>
/// A roadside, two servers and their database, whatever breaks: the tables hold each vehicle once and each second that was watched. The
/// benchmark `chaos` does the same for longer.
/// </summary>
[Collection(ProcessesCollection.Name)]
public sealed class ClusterFaultTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private static readonly TimeSpan AtOnce = TimeSpan.Zero;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public Task Killed_processes_lose_nothing() => fixture.OutlivesAsync(
        Fault(FaultKind.KillRoadside, AtOnce),
        Fault(FaultKind.KillServer, Second),
        Fault(FaultKind.KillDatabase, Second),
        Fault(FaultKind.KillEverything, Second));

    [Fact]
    public Task Cut_and_slow_links_lose_nothing() => fixture.OutlivesAsync(
        Fault(FaultKind.CutBriefly, Second),
        Fault(FaultKind.CutFromServers, 3 * Second),
        Fault(FaultKind.SlowLink, 5 * Second));

    [Fact]
    public Task A_cut_of_half_a_minute_loses_nothing() => fixture.OutlivesAsync(Fault(FaultKind.Cut, 30 * Second));

    [Fact]
    public async Task Clocks_that_are_an_hour_off_change_nothing()
    {
        await fixture.OutlivesAsync(
            Fault(FaultKind.ClockForward, 3 * Second, number: 1),
            Fault(FaultKind.ClockBack, 3 * Second, number: 1),
            Fault(FaultKind.ClockForward, 3 * Second, number: 2),
            Fault(FaultKind.ClockBack, 3 * Second, number: 2));

        // The roadside did see them: its journal's own times say so.
        var seen = SteppedRows.In(fixture.Cluster.OutboxFile);
        Assert.True(seen.Latest - seen.Earliest > TimeSpan.FromMinutes(90), $"the rows lie within {seen.Latest - seen.Earliest}");
    }

    [Fact]
    public Task Disks_that_were_full_lose_nothing() => fixture.OutlivesAsync(
        Fault(FaultKind.RoadsideDiskFull, 3 * Second),
        Fault(FaultKind.DatabaseDiskFull, 3 * Second));

    [Fact]
    public Task Damaged_last_rows_are_asked_for_again() => fixture.OutlivesAsync(
        Fault(FaultKind.CorruptRoadsideRow, AtOnce),
        Fault(FaultKind.CorruptServerRow, AtOnce));

    [Fact]
    public async Task A_server_that_is_upgraded_and_one_that_stays_dead_leave_the_other_to_go_on()
    {
        await fixture.OutlivesAsync(Fault(FaultKind.StopServer, Second, server: 1));

        await fixture.Cluster.Servers[0].KillAsync();
        try
        {
            await fixture.IsTrueAsync();
        }
        finally
        {
            await fixture.Cluster.Servers[0].StartAsync();
        }
    }

    private static PlannedFault Fault(FaultKind kind, TimeSpan lasts, int server = 0, int number = 1) =>
        new(number, kind, server, Second, lasts, Overlaps: false);
}
