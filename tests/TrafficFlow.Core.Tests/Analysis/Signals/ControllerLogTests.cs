using System.Globalization;
using System.Text;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Signals.ControllerLogs;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Signals;

public sealed class ControllerLogTests
{
    private static readonly TimeZoneInfo s_tokyo = TimeZoneInfo.CreateCustomTimeZone("JST", TimeSpan.FromHours(9), "JST", "JST");
    private static readonly ApproachId s_north = new("north");
    private static readonly ApproachId s_east = new("east");
    private static readonly LoggedPhase[] s_phases = [new(2, s_north, [Movement.To(new("south"))]), new(4, s_east, [Movement.To(new("west"))])];

    [Fact]
    public void A_log_as_controllers_export_it_becomes_phases()
    {
        const string Csv = """
            SignalId,Timestamp,EventCode,EventParam
            1001,2026-06-01 07:00:00.0,1,2
            1001,2026-06-01 07:00:30.0,7,2
            1001,2026-06-01 07:00:30.0,8,2
            1001,2026-06-01 07:00:33.1,10,2
            1001,2026-06-01 07:00:35.0,1,4
            1001,2026-06-01 07:01:05.0,8,4
            1001,2026-06-01 07:01:08.0,10,4
            1001,2026-06-01 07:01:10.0,1,2
            """;
        var log = ControllerLog.Read(new StringReader(Csv), s_tokyo);
        Assert.Equal(8, log.Events.Length);
        Assert.Equal(QueuedDischarge.Start, log.Events[0].Time);
        var signals = new LoggedSignals(log, s_phases);
        var shown = signals.Overlapping(s_north, new Interval(QueuedDischarge.Start, QueuedDischarge.Start.AddHours(1))).ToList();
        Assert.Equal([SignalColour.Green, SignalColour.Amber, SignalColour.Red], shown.Select(p => p.Colour));
        Assert.Equal([30, 3.1, 36.9], shown.Select(p => Math.Round(p.Span.Length.TotalSeconds, 3)));
        Assert.Equal(TimeSpan.FromSeconds(30), signals.Green(s_east, Movement.To(new("west")), new Interval(QueuedDischarge.Start, QueuedDischarge.Start.AddHours(1))));
    }

    [Theory]
    [InlineData("DeviceId;TimeStamp;EventId;Parameter\n7;2026-06-01T07:00:00.5+09:00;1;2")]
    [InlineData("\uFEFFTimestamp\tEvent_Code\tEvent_Param\n2026-06-01T07:00:00.5\t1\t2")]
    [InlineData("\"signalID\",\"timestamp\",\"eventcode\",\"eventparam\"\n\"7\",\"2026-05-31T22:00:00.5Z\",\"1\",\"2\"")]
    [InlineData("signalid,timestamp,eventcode,eventparam\r\n7,6/1/2026 7:00:00.5 AM,1,2\r\n")]
    public void Exports_of_other_programs_are_read_too(string csv) =>
        Assert.Equal(new ControllerEvent(QueuedDischarge.Start.AddSeconds(0.5), 1, 2), Assert.Single(ControllerLog.Read(new StringReader(csv), s_tokyo).Events));

    [Theory]
    [InlineData("", "the log is empty")]
    [InlineData("a,b,c\n1,2,3", "must name a time")]
    [InlineData("timestamp,eventcode,eventparam\n", "holds no event")]
    [InlineData("timestamp,eventcode,eventparam\nyesterday,1,2", "line 2: \"yesterday,1,2\" has no time")]
    [InlineData("signalid,timestamp,eventcode,eventparam\n1,2026-06-01 07:00:00,1,2\n2,2026-06-01 07:00:01,1,2", "several controllers (1, 2)")]
    [InlineData("timestamp,eventcode,eventparam\n2026-06-01 07:00:00,1,2\nx\ny\nz", "3 of 4 lines make no sense")]
    public void A_log_that_cannot_be_used_says_why(string csv, string why) =>
        Assert.Contains(why, Assert.Throws<ControllerLogException>(() => ControllerLog.Read(new StringReader(csv), s_tokyo)).Message);

    [Fact]
    public void One_controller_of_several_is_taken_when_it_is_named() =>
        Assert.Equal(4, Assert.Single(ControllerLog.Read(new StringReader("signalid,timestamp,eventcode,eventparam\n1,2026-06-01 07:00:00,1,2\n2,2026-06-01 07:00:01,1,4"), s_tokyo, "2").Events).Parameter);

    [Fact]
    public void A_line_that_breaks_off_is_counted_and_doubled_and_unordered_ones_are_put_right()
    {
        var csv = new StringBuilder("timestamp,eventcode,eventparam\n");
        for (var i = 199; i >= 0; i--) csv.Append(CultureInfo.InvariantCulture, $"2026-06-01 07:{i / 60:00}:{i % 60:00},1,2\n2026-06-01 07:{i / 60:00}:{i % 60:00},1,2\n");
        var log = ControllerLog.Read(new StringReader(csv.Append("2026-06-01 07:0").ToString()), s_tokyo);
        Assert.Equal(200, log.Events.Length);
        Assert.Equal(log.Events.OrderBy(e => e.Time), log.Events);
        Assert.Equal(1, log.Rejected);
        Assert.Contains("line 402", log.FirstRejected);
    }

    [Fact]
    public void What_the_log_has_a_hole_in_is_not_told()
    {
        var log = Log(Greens(90, 40, 45, 35, 0, 900).Concat(Greens(90, 40, 45, 35, 1800, 2700)), 0);
        var signals = new LoggedSignals(log, s_phases);
        var whole = new Interval(QueuedDischarge.Start, QueuedDischarge.Start.AddHours(1));
        Assert.DoesNotContain(signals.Overlapping(s_north, whole), p => p.Span.Length > TimeSpan.FromMinutes(5));
        Assert.Equal(2, log.Covered.Intervals.Length);
    }

    [Fact]
    public void A_missing_line_makes_no_long_green()
    {
        var log = Log(Greens(90, 40, 45, 35, 0, 900), 0);
        var broken = log with { Events = log.Events.Remove(log.Events.First(e => e.Code == EventCode.PhaseBeginYellowClearance && e.Parameter == 2 && e.Time > QueuedDischarge.Start.AddMinutes(3))) };
        Assert.All(
            new LoggedSignals(broken, s_phases).Overlapping(s_north, new Interval(QueuedDischarge.Start, QueuedDischarge.Start.AddHours(1))).Where(p => p.Colour == SignalColour.Green),
            p => Assert.Equal(40, p.Span.Length.TotalSeconds, 1e-3));
    }

    [Theory]
    [InlineData(37.4)]
    [InlineData(-112)]
    [InlineData(0)]
    public void The_difference_of_the_clocks_is_found_where_greens_vary(double ahead)
    {
        var random = new Random(9);
        var greens = new List<(int Phase, double From, double To)>();
        for (var at = 0.0; at < 5400;)
        {
            var (main, side) = (30 + (14 * random.NextDouble()), 22 + (12 * random.NextDouble()));
            greens.Add((2, at, at + main));
            greens.Add((4, at + main + 5, at + main + 5 + side));
            at += main + side + 10;
        }

        var discharge = DischargeOf(greens, 41).Watched((0, 5400));
        var found = ClockDifference.Find(discharge, new LoggedSignals(Log(greens, ahead), s_phases), TimeSpan.FromMinutes(5))!;
        Assert.Equal(ahead, found.Seconds.Value, 0.7);
        Assert.InRange(ahead, found.Seconds.Low, found.Seconds.High);
        Assert.Empty(found.Alternatives);
        Assert.True(found.InGreen.Value > 0.9);
    }

    [Fact]
    public void At_fixed_time_differences_by_whole_cycles_are_told_as_alternatives()
    {
        var greens = Greens(90, 40, 45, 35, -600, 6000).ToList();
        var found = ClockDifference.Find(DischargeOf(greens, 42).Watched((0, 5400)), new LoggedSignals(Log(greens, 20), s_phases), TimeSpan.FromMinutes(4))!;
        Assert.Equal(20, found.Seconds.Value - (90 * Math.Round((found.Seconds.Value - 20) / 90)), 0.7);
        Assert.NotEmpty(found.Alternatives);
        Assert.All(found.Alternatives, a => Assert.Equal(0, Math.IEEERemainder(a - found.Seconds.Value, 90), 3.0));
    }

    [Fact]
    public void Vehicles_that_heed_no_signal_tell_no_difference()
    {
        var discharge = new QueuedDischarge(43).Add("north", "south", 300, [(0, 5400)]).Add("east", "west", 300, [(0, 5400)]).Watched((0, 5400));
        Assert.Null(ClockDifference.Find(discharge, new LoggedSignals(Log(Greens(90, 40, 45, 35, 0, 5400), 0), s_phases), TimeSpan.FromMinutes(2)));
    }

    [Fact]
    public void What_was_inferred_agrees_with_the_log_of_the_same_controller()
    {
        var greens = Greens(90, 40, 45, 35, 0, 5400).ToList();
        var plan = Assert.Single(SignalInference.Infer(DischargeOf(greens, 44).Watched((0, 5400))).Plans);
        var compared = PlanComparison.Of(plan, new LoggedSignals(Log(greens, 0), s_phases));
        Assert.Equal(2, compared.Length);
        Assert.All(compared, c => Assert.True(c.Cycle.Agrees && c.Begin!.Value.Agrees && c.Green!.Value.Agrees, $"{c}"));
        var other = PlanComparison.Of(plan, new LoggedSignals(Log(Greens(90, 30, 35, 45, 0, 5400), 0), s_phases));
        Assert.Contains(other, c => !c.Green!.Value.Agrees && Math.Abs(c.Green.Value.Difference) > 5);
    }

    private static IEnumerable<(int Phase, double From, double To)> Greens(double cycle, double main, double sideAt, double side, double from, double to)
    {
        for (var at = from; at < to; at += cycle)
        {
            yield return (2, at, at + main);
            yield return (4, at + sideAt, at + sideAt + side);
        }
    }

    private static QueuedDischarge DischargeOf(List<(int Phase, double From, double To)> greens, int seed) => new QueuedDischarge(seed)
        .Add("north", "south", 420, greens.Where(g => g.Phase == 2).Select(g => (g.From, g.To)))
        .Add("east", "west", 330, greens.Where(g => g.Phase == 4).Select(g => (g.From, g.To)));

    /// <param name="ahead">Seconds by which the controller's clock is ahead.</param>
    private static ControllerLog Log(IEnumerable<(int Phase, double From, double To)> greens, double ahead) => new(
        [
            .. greens.SelectMany(g => new[]
            {
                new ControllerEvent(At(g.From + ahead), EventCode.PhaseBeginGreen, g.Phase),
                new ControllerEvent(At(g.To + ahead), EventCode.PhaseBeginYellowClearance, g.Phase),
                new ControllerEvent(At(g.To + 3 + ahead), EventCode.PhaseBeginRedClearance, g.Phase),
            }).OrderBy(e => e.Time),
        ],
        0,
        null);

    private static DateTimeOffset At(double seconds) => QueuedDischarge.Start.AddSeconds(seconds);
}
