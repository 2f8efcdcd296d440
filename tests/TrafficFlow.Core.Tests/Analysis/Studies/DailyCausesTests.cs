using TrafficFlow.Analysis.Causes;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Tests.Analysis.Causes;
using TrafficFlow.Core.Tests.Junctions;
using TrafficFlow.Simulation;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Studies;

public sealed class DailyCausesTests
{
    [Fact]
    public void Weather_on_several_approaches_is_told_once_with_what_all_of_them_lost()
    {
        var record = SeenJunction.Of(TroubledJunction.Draw(CauseKind.Weather, 103));
        var each = CauseFinder.Find(record, record.Controller!, []).Where(f => f.Kind == CauseKind.Weather).ToList();
        Assert.True(each.Select(f => f.Approach).Distinct().Count() > 1);

        var all = DailyCauses.Find(record, Study(record), record.Controller!, TestContext.Current.CancellationToken);

        var weather = Assert.Single(all, f => f.Kind == CauseKind.Weather);
        Assert.Null(weather.Approach);
        Assert.Equal(each.Sum(f => f.VehicleHoursLost), weather.VehicleHoursLost, 6);
        Assert.Equal((each.Min(f => f.Span.From), each.Max(f => f.Span.To)), (weather.Span.From, weather.Span.To));
        Assert.Equal(all.OrderByDescending(f => f.VehicleHoursLost), all);
    }

    [Fact]
    public void Each_day_is_looked_at_by_itself()
    {
        var record = SeenJunction.Of(TroubledJunction.Draw(CauseKind.GreenTooShort, 103));
        var found = CauseFinder.Find(record, record.Controller!, []);
        // The same again a day later, on which nobody watched in between.
        var day = TimeSpan.FromDays(1);
        var twice = record with
        {
            Span = new Interval(record.Span.From, record.Span.To + day),
            Approaches = [.. record.Approaches.Select(a => a with { Watched = a.Watched.Add(new Interval(record.Span.From + day, record.Span.To + day)) })],
            Cameras = [.. record.Cameras.Select(c => c with { Watched = c.Watched.Add(new Interval(record.Span.From + day, record.Span.To + day)) })],
        };

        var daily = DailyCauses.Find(twice, Study(twice), record.Controller!, TestContext.Current.CancellationToken);

        // An empty second day is no measure of the first one: its causes stay as they were.
        Assert.Equal(found.Where(f => f.Kind != CauseKind.CameraTrouble).Select(f => (f.Kind, f.Approach)), daily.Where(f => f.Kind != CauseKind.CameraTrouble && f.Span.From < record.Span.To).Select(f => (f.Kind, f.Approach)));
        Assert.All(daily, f => Assert.True(f.Span.To <= Midnight(record) || f.Span.From >= Midnight(record)));
    }

    [Fact]
    public void Headings_are_told_by_the_entering_gates_on_the_ground()
    {
        var headings = ApproachHeadings.Of(MapSite.Site);

        // Who comes from the north drives southwards.
        for (var arm = 0; arm < 4; arm++) Assert.Equal((180 + (90 * arm)) % 360, Math.Round(headings[JunctionLayout.Approaches[arm]]) % 360, 0.5);
    }

    private static DateTimeOffset Midnight(JunctionRecord record) => new(record.Span.From.Date.AddDays(1), record.Span.From.Offset);

    private static JunctionStudy Study(JunctionRecord record) => new(
        new StudySubject(record.Site, record.SiteName, "Asia/Tokyo", record.Span, "jartic-ordinary", record.Journeys.Length, record.Span.To, "1"),
        [.. record.Approaches.Select(a => new ApproachStudy(a.Approach, a.Name, a.Watched.Total, [], [], [], []))], new SignalStudy(SignalSource.Controller, new InferredSignals([], []), [], null), []);
}
