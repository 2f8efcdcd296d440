using System.Diagnostics;
using TrafficFlow.Analysis.Causes;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tests.Analysis.Causes;
using TrafficFlow.Node.Analyse;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.Troubles;
using PlanPeriod = TrafficFlow.Simulation.PlanPeriod;

namespace TrafficFlow.Benchmarks.Studies;

/// <summary>A whole week of the simulated junction through a whole study, against what was put into it; for reading, too: --out keeps the study.</summary>
internal sealed class StudyBenchmark : IBenchmark
{
    private const int Hour = 3600;
    private const int Day = 24 * Hour;

    /// <summary>The week begins on Monday at 7 o'clock, as the record does.</summary>
    private const int FirstHour = 7;

    /// <summary>Nobody looked at it while limits were chosen.</summary>
    private const int FirstSeed = 61_010;

    /// <summary>Vehicles an hour of a working day as part of its busiest, from 0 o'clock on: urban arterials have 7 to 8 % of the day in each hour of it, and a peak in the morning and the evening.</summary>
    private static readonly double[] s_working = [0.10, 0.07, 0.05, 0.05, 0.08, 0.2, 0.5, 0.95, 1, 0.8, 0.7, 0.7, 0.7, 0.7, 0.7, 0.75, 0.85, 1, 0.95, 0.7, 0.5, 0.4, 0.3, 0.18];

    private static readonly double[] s_free = [0.12, 0.08, 0.06, 0.05, 0.06, 0.1, 0.2, 0.3, 0.42, 0.55, 0.65, 0.7, 0.7, 0.72, 0.72, 0.7, 0.7, 0.68, 0.6, 0.5, 0.4, 0.32, 0.25, 0.18];

    public string Name => "study";

    public string Description =>
        """
        A week of the simulated junction as cameras tell it (errors as in causes), signals inferred: two plans by time of day, peaks by the clock, a delivery in a lane on Wednesday, rain on
        Thursday, a blind camera on Friday morning. With --out DIR the study is kept there, for `trafficflow analyse --study`.
          hours, journeys                    of it; with --quick a day without troubles
          plans, plan_periods                stretches of plans that were told, and plans that they are; two ran
          cycles_within_half_second          of the stretches, by the plan that ran then
          troubles, told                     those that were put in, and of them those that a cause of the right kind names at its time and place
          false_named                        other causes: peaks of each day are told as surges of demand
          proposals, unsaid                  how many
          study_s                            time for the study alone
        """;

    public IReadOnlyDictionary<string, string> Options { get; } = new Dictionary<string, string> { ["--out"] = "DIR  keeps study.json there", ["--seed"] = "of the traffic" };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public async Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var (days, seed) = (isQuick ? 1 : 7, options.WholeNumber("--seed") ?? FirstSeed);
        var (junction, periods) = Week(seed, days);
        var record = SeenJunction.Of(junction) with { Controller = null };
        var site = new Site(record.Site, record.SiteName, record.TimeZone, [.. record.Approaches.Select(a => new Approach(a.Approach, a.Name))], [], "");
        var began = Stopwatch.GetTimestamp();
        var study = await StudyMaker.MakeAsync(record, site, new StudyOptions(CongestionProfile.JarticOrdinary, Simulates: false), record.Span.To, null, cancellation);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (options.GetValueOrDefault("--out") is { } folder) StudyFile.Write(Path.Combine(folder, "study.json"), study);

        var troubles = Troubles(days);
        var within = study.Signals.Inferred.Plans.Count(p => Math.Abs(p.CycleSeconds.Value - CycleAt(periods, (p.Span.From + (p.Span.Length / 2) - record.Span.From).TotalSeconds)) <= 0.5);
        var named = study.Causes.Where(c => !troubles.Any(t => IsAt(c, t, record.Span.From, c.Kind == t.Kind || c.Rivals.Contains(t.Kind)))).ToList();
        foreach (var cause in study.Causes) Console.Error.WriteLine($"{cause.Kind} {cause.Approach} {cause.Span.From:ddd HH:mm} to {cause.Span.To:ddd HH:mm}, {cause.VehicleHoursLost:0.0} veh·h, {cause.Confidence:0.00}{(named.Contains(cause) ? ", where nothing was wrong" : "")}");
        return new Figures()
            .Add("hours", days * 24)
            .Add("journeys", record.Journeys.Length)
            .Add("plans", study.Signals.Inferred.Plans.Length)
            .Add("plan_periods", study.Signals.Periods.Length)
            .Add("cycles_within_half_second", within)
            .Add("troubles", troubles.Count)
            .Add("told", troubles.Count(t => study.Causes.Any(c => IsAt(c, t, record.Span.From, c.Kind == t.Kind))))
            .Add("false_named", named.Count)
            .Add("proposals", study.Proposals.Length)
            .Add("unsaid", study.Unsaid.Length)
            .Add("study_s", seconds, 1);
    }

    private static bool IsAt(CauseFinding cause, (CauseKind Kind, ApproachId? Approach, TroubleSpan Span) trouble, DateTimeOffset start, bool isKind) =>
        isKind && (trouble.Approach is null || cause.Approach is null || cause.Approach == trouble.Approach)
        && (cause.Span.From - start).TotalSeconds < trouble.Span.ToSeconds + 600 && (cause.Span.To - start).TotalSeconds > trouble.Span.FromSeconds;

    private static List<(CauseKind Kind, ApproachId? Approach, TroubleSpan Span)> Troubles(int days)
    {
        List<(CauseKind, ApproachId?, TroubleSpan)> all =
        [
            (CauseKind.BlockedLane, JunctionLayout.North, Between(2, 10, 0, 10, 50)), (CauseKind.Weather, null, Between(3, 16, 0, 18, 0)), (CauseKind.CameraTrouble, JunctionLayout.West, Between(4, 8, 0, 9, 30)),
        ];
        return days > 1 ? all : [];
    }

    private static (TroubledJunction Junction, IReadOnlyList<PlanPeriod> Periods) Week(int seed, int days)
    {
        var peak = JunctionPlans.Of(new SignalTimes(38, 9, 3, 2)) with { Name = "peak" };
        var usual = JunctionPlans.Of(new SignalTimes(27, 7, 3, 2)) with { Name = "usual" };
        var periods = new List<PlanPeriod> { new(0, peak) };
        for (var day = 0; day < days; day++)
        {
            if (day > 0) periods.Add(new PlanPeriod(SecondsAt(day, 7, 0), day < 5 ? peak : usual));
            periods.Add(new PlanPeriod(SecondsAt(day, 9, 30), usual));
            if (day < 5) periods.Add(new PlanPeriod(SecondsAt(day, 16, 30), peak));
            if (day < 5) periods.Add(new PlanPeriod(SecondsAt(day, 19, 0), usual));
        }

        periods = [.. periods.Where((p, i) => i == 0 || p.Plan != periods[i - 1].Plan)];
        ApproachDemand Demand(double busiest, double left, double right, double morning)
        {
            var steps = new List<DemandStep>();
            for (var hour = 0; hour < days * 24; hour++)
            {
                var (day, clock) = ((hour + FirstHour) / 24, (hour + FirstHour) % 24);
                var tide = clock < 12 ? morning : 2 - morning;
                steps.Add(new DemandStep(hour * Hour, busiest * (day % 7 < 5 ? s_working : s_free)[clock] * (day % 7 < 5 ? tide : 1)));
            }

            return new ApproachDemand(busiest, left, right) { Steps = steps };
        }

        var (blocked, rain, blind) = (Between(2, 10, 0, 10, 50), Between(3, 16, 0, 18, 0), Between(4, 8, 0, 9, 30));
        var settings = JunctionSettings.Default with
        {
            Seed = seed,
            Programme = new SignalProgramme(periods),
            StartUpSeconds = 1,
            North = Demand(560, 0.16, 0.10, 1.12),
            South = Demand(540, 0.14, 0.10, 0.88),
            East = Demand(400, 0.18, 0.12, 1),
            West = Demand(380, 0.2, 0.12, 1),
            Troubles = days == 1 ? JunctionTroubles.None : new JunctionTroubles
            {
                Standing = [new StandingVehicle(JunctionLayout.North, InTurnLane: false, 25, blocked.FromSeconds, blocked.ToSeconds - blocked.FromSeconds)],
                Weather = [new WeatherSpell(rain, 0.7, 1.45, 0.7)],
            },
        };
        return (new TroubledJunction(CauseKind.CameraTrouble, settings.Validated(), days * (double)Day, days == 1 ? default : blind, JunctionLayout.West, days == 1 ? CameraFault.None : CameraFault.Blind), periods);
    }

    private static double CycleAt(IReadOnlyList<PlanPeriod> periods, double seconds) => periods.Last(p => p.FromSeconds <= seconds || p == periods[0]).Plan.CycleSeconds;

    private static TroubleSpan Between(int day, int fromHour, int fromMinute, int toHour, int toMinute) => new(SecondsAt(day, fromHour, fromMinute), SecondsAt(day, toHour, toMinute));

    private static double SecondsAt(int day, int hour, int minute) => (day * Day) + ((hour - FirstHour) * Hour) + (minute * 60);
}
