using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Incidents;
using TrafficFlow.Roadside.Cameras.Junctions;
using TrafficFlow.Server.Incidents;
using TrafficFlow.Wire.Topics;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Incidents;

/// <summary>Both ends of the way of a hint, without actors.</summary>
public sealed class IncidentReportTests
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    private readonly SiteIncidents _board = new(TestSites.Kokandori, 3, Silence);
    private readonly UnreportedIncidents _unreported = new(3);

    [Fact]
    public void What_is_told_twice_or_late_is_published_once()
    {
        Assert.Single(_board.Hear(Report(7, Stopped(1, 1)), At(1)));
        Assert.Single(_board.Hear(Report(7, Stopped(1, 3)), At(2)));

        Assert.Empty(_board.Hear(Report(7, Stopped(1, 3)), At(3)));
        Assert.Empty(_board.Hear(Report(7, Stopped(1, 2)), At(4)));
    }

    [Fact]
    public void What_is_open_and_not_heard_of_any_more_is_not_watched_until_it_is_heard_of_again()
    {
        _board.Hear(Report(7, Stopped(1, 1)), At(1));
        Assert.Empty(_board.Unheard(At(100)));

        var silent = Assert.Single(_board.Unheard(At(122)));
        Assert.Equal((IncidentState.NotWatched, 1), (silent.Incident.State, silent.Incident.Revision));
        Assert.Empty(_board.Unheard(At(300)));

        // The same revision: nothing has changed while nobody heard of it.
        var again = Assert.Single(_board.Hear(Report(7, Stopped(1, 1)), At(400)));
        Assert.True(again.Incident.IsOpen);
    }

    [Fact]
    public void A_new_run_of_the_junction_ends_what_the_one_before_left_open()
    {
        _board.Hear(Report(7, Stopped(1, 1)), At(1));

        var told = _board.Hear(Report(8, Stopped(1, 1)), At(2));

        Assert.Equal([(7L, IncidentState.NotWatched), (8, IncidentState.Open)], told.Select(t => (t.Epoch, t.Incident.State)));
    }

    [Fact]
    public void A_board_keeps_no_more_than_its_bound_and_those_that_are_open_longest()
    {
        for (var n = 1; n <= 5; n++) _board.Hear(Report(7, Stopped(n, 1) with { State = n == 1 ? IncidentState.Open : IncidentState.Cleared }), At(n));

        Assert.Equal([1L, 4, 5], _board.Recent.Select(t => t.Incident.Number).Order());
    }

    [Fact]
    public void What_comes_late_says_so()
    {
        Assert.False(new IncidentTold(TestSites.Kokandori, 7, Stopped(1, 1), At(31)).IsLate);
        Assert.True(new IncidentTold(TestSites.Kokandori, 7, Stopped(1, 1), At(600)).IsLate);
    }

    [Fact]
    public void Of_what_waits_for_the_server_the_newest_revision_is_told_and_forgotten_when_it_is_taken()
    {
        _unreported.Add(7, Stopped(1, 1));
        _unreported.Add(7, Stopped(1, 2));
        Assert.Equal(2, Assert.Single(Assert.Single(_unreported.Next(10)).Incidents).Revision);

        _unreported.Taken(7, 1, 1);
        Assert.Equal(1, _unreported.Waiting);
        _unreported.Taken(7, 1, 2);
        Assert.Equal((0, 1), (_unreported.Waiting, _unreported.Open));

        _unreported.RepeatOpen();
        Assert.Equal(1, _unreported.Waiting);
    }

    [Fact]
    public void A_link_that_is_away_for_long_costs_the_oldest_that_ended()
    {
        Assert.Equal(0, _unreported.Add(7, Stopped(1, 1)));
        for (var n = 2; n <= 3; n++) _unreported.Add(7, Stopped(n, 2) with { State = IncidentState.Cleared, UpdatedAt = At(n) });

        Assert.Equal(1, _unreported.Add(7, Stopped(4, 1)));
        Assert.Equal([1L, 3, 4], Assert.Single(_unreported.Next(10)).Incidents.Select(i => i.Number).Order());
    }

    [Fact]
    public void What_was_open_when_the_junction_began_anew_ends_as_not_watched()
    {
        _unreported.Add(7, Stopped(1, 4));

        _unreported.Begin(8);

        var ended = Assert.Single(Assert.Single(_unreported.Next(10)).Incidents);
        Assert.Equal((5, IncidentState.NotWatched, 0), (ended.Revision, ended.State, _unreported.Open));
    }

    internal static Incident Stopped(long number, int revision) =>
        new(number, revision, IncidentKind.StoppedVehicle, IncidentArea.Approach, TestSites.North, At(0), At(1), 0.5) { MetresFromGate = 40, LateralMetres = -1.5 };

    private static ReportIncidents Report(long epoch, params Incident[] incidents) => new(TestSites.Kokandori, TestSites.Junction.Junction!.Id, epoch, [.. incidents]);
}
