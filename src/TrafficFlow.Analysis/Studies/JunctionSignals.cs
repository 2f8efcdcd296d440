using System.Collections.Immutable;
using System.Globalization;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Signals.ControllerLogs;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Studies;

/// <summary>The signals of a junction over the span of a study: inferred day by day, and from the controller's log where there is one.</summary>
/// <param name="Phases">What was shown when: the log's where it tells, else what was inferred.</param>
/// <param name="IsKnown">False where nothing tells them at all.</param>
internal sealed record JunctionSignals(SignalStudy Study, ISignalPhases Phases, bool IsKnown, ImmutableArray<Unsaid> Unsaid)
{
    /// <summary>Half a second beside the error of the difference: nobody sets a clock better.</summary>
    private const double ClockSeconds = 2;

    /// <summary>Shorter stretches of which nothing can be told lie around every change and night.</summary>
    private static readonly TimeSpan ShortestUnknown = TimeSpan.FromMinutes(30);

    public ImmutableArray<InferredPlan> Plans => Study.Inferred.Plans;

    public static JunctionSignals Of(JunctionRecord record, JunctionTraffic traffic, StudySettings settings, Action<double> progress, CancellationToken cancellation)
    {
        var (days, inferred, busiest) = (Days(record), new List<InferredSignals>(), (Discharge?)null);
        foreach (var day in days)
        {
            cancellation.ThrowIfCancellationRequested();
            progress((double)inferred.Count / days.Count);
            var discharge = DischargeOf(record, traffic, day);
            inferred.Add(discharge.Watched.Total < settings.Inference.ShortestPlan || discharge.Streams.IsEmpty
                ? new InferredSignals([], [new UnknownSignals(day, UnknownReason.TooLittleTraffic)])
                : SignalInference.Infer(discharge, settings.Inference));
            if (busiest is null || Crossings(discharge) > Crossings(busiest)) busiest = discharge;
        }

        var all = new InferredSignals([.. inferred.SelectMany(i => i.Plans).Select(p => JoinedGroups.Of(p, record, traffic))], [.. inferred.SelectMany(i => i.Unknown)]) { Varying = [.. inferred.SelectMany(i => i.Varying)] };
        var unsaid = ImmutableArray.CreateBuilder<Unsaid>();
        var (controller, clock) = ControllerOf(record, busiest!, settings, unsaid);
        var comparison = controller is null ? [] : all.Plans.SelectMany(p => PlanComparison.Of(p, controller)).ToImmutableArray();
        var told = new InferredPhases(all, settings.AmberSeconds);
        ISignalPhases phases = controller is null ? told : new EitherPhases(controller, told);
        var source = controller is not null ? SignalSource.Controller : all.Plans.IsEmpty && all.Varying.IsEmpty ? SignalSource.Unknown : SignalSource.Inferred;
        Say(all, source, unsaid);
        var study = new SignalStudy(source, all, comparison, clock) { Periods = PlanPeriods.Of(all.Plans) };
        study = study with { Profiles = [.. study.Periods.SelectMany(p => ProfilesOf(record, traffic, all.Plans[p.Plan], p.Plan))] };
        return new JunctionSignals(study, phases, controller is not null || !all.Plans.IsEmpty, unsaid.ToImmutable());
    }

    /// <summary>By the clock of the site: plans change at night, when hardly anything tells that they do.</summary>
    private static List<Interval> Days(JunctionRecord record)
    {
        var days = new List<Interval>();
        for (var from = record.Span.From; from < record.Span.To;)
        {
            var next = TimeZoneInfo.ConvertTime(from, record.TimeZone).Date.AddDays(1);
            while (record.TimeZone.IsInvalidTime(next)) next = next.AddMinutes(1);
            var to = new DateTimeOffset(next, record.TimeZone.GetUtcOffset(next));
            days.Add(new Interval(from, to < record.Span.To ? to : record.Span.To));
            from = to;
        }

        return days;
    }

    /// <summary>Of those approaches that were watched for at least half as long as the best: one blind camera does not take the signals from all others.</summary>
    private static Discharge DischargeOf(JunctionRecord record, JunctionTraffic traffic, Interval day)
    {
        var watched = record.Approaches.Select(a => (a.Approach, Watched: a.Watched.Within(day))).Where(a => !a.Watched.IsEmpty).ToList();
        var most = watched.Select(a => a.Watched.Total).DefaultIfEmpty(TimeSpan.Zero).Max();
        var used = watched.Where(a => 2 * a.Watched.Total >= most).ToList();
        var journeys = used.SelectMany(a => traffic.Entered(a.Approach, day).ToArray());
        return Discharge.Of(journeys, used.Select(a => a.Watched).Aggregate((IntervalSet?)null, (all, next) => all?.Intersect(next) ?? next) ?? IntervalSet.Empty);
    }

    private static int Crossings(Discharge discharge) => discharge.Streams.Sum(s => s.Crossings.Length);

    private static (ISignalPhases? Phases, Estimate? Clock) ControllerOf(JunctionRecord record, Discharge busiest, StudySettings settings, ImmutableArray<Unsaid>.Builder unsaid)
    {
        if (record.Controller is { } known) return (known, null);
        if (settings.Controller is not { } source) return (null, null);
        if (ClockDifference.Find(busiest, new LoggedSignals(source.Log, source.Phases), source.LongestDifference, settings.Inference) is not { } difference)
        {
            // Without it nobody knows which green of the log a vehicle had.
            unsaid.Add(new Unsaid(UnsaidKind.ClocksDiffer, null, null));
            return (null, null);
        }

        if (Math.Abs(difference.Seconds.Value) > ClockSeconds || !difference.Alternatives.IsEmpty)
            unsaid.Add(new Unsaid(UnsaidKind.ClocksDiffer, null, null, difference.Seconds.Value.ToString("0.0", CultureInfo.InvariantCulture)));
        return (new LoggedSignals(source.Log, source.Phases, TimeSpan.FromSeconds(difference.Seconds.Value)), difference.Seconds);
    }

    private static void Say(InferredSignals signals, SignalSource source, ImmutableArray<Unsaid>.Builder unsaid)
    {
        if (source == SignalSource.Unknown) unsaid.Add(new Unsaid(UnsaidKind.NoSignals, null, null));
        foreach (var unknown in signals.Unknown.Where(u => u.Span.Length >= ShortestUnknown))
        {
            unsaid.Add(new Unsaid(
                unknown.Reason switch
                {
                    UnknownReason.NoCycle => UnsaidKind.NoFixedCycle,
                    UnknownReason.CycleVaries => UnsaidKind.CycleVaries,
                    _ => UnsaidKind.TooLittleTraffic,
                },
                null,
                unknown.Span));
        }

        foreach (var plan in signals.Plans)
        {
            if (plan.BeginsWithin is { } change) unsaid.Add(new Unsaid(UnsaidKind.PlanChanged, null, change));
        }
    }

    /// <summary>Over the plan's own span: on other days the same plan may begin at another second.</summary>
    private static IEnumerable<CycleProfile> ProfilesOf(JunctionRecord record, JunctionTraffic traffic, InferredPlan plan, int index)
    {
        var cycle = plan.CycleSeconds.Value;
        for (var g = 0; g < plan.Groups.Length; g++)
        {
            var group = plan.Groups[g];
            if (record.Find(group.Approach) is not { } approach) continue;
            var seconds = new int[(int)Math.Ceiling(cycle)];
            foreach (var journey in traffic.Entered(approach, [plan.Span]).Where(j => group.Movements.Contains(JunctionTraffic.MovementOf(j))))
            {
                var at = (journey.EnteredAt!.Value - plan.Reference).TotalSeconds;
                seconds[Math.Clamp((int)(at - (Math.Floor(at / cycle) * cycle)), 0, seconds.Length - 1)]++;
            }

            yield return new CycleProfile(index, g, [.. seconds]);
        }
    }

    /// <summary>The log where it tells of an approach, and what was inferred where it does not.</summary>
    private sealed class EitherPhases(ISignalPhases logged, ISignalPhases inferred) : ISignalPhases
    {
        public IEnumerable<SignalPhase> Overlapping(ApproachId approach, Interval interval) =>
            logged.Overlapping(approach, interval).ToList() is { Count: > 0 } known ? known : inferred.Overlapping(approach, interval);
    }
}
