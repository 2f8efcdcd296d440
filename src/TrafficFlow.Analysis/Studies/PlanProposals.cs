using System.Collections.Immutable;
using System.Globalization;
using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Analysis.Causes;
using TrafficFlow.Analysis.Proposals;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Studies;

/// <summary>What is proposed for each plan, or why nothing is.</summary>
internal sealed class PlanProposals(
    JunctionRecord record, JunctionTraffic traffic, JunctionSignals signals, ImmutableArray<MovementFigure> movements, ImmutableArray<CauseFinding> causes, StudySettings settings)
{
    /// <summary>A plan that runs for longer is judged by its busiest hour: at its mean demand no plan is ever short of green.</summary>
    private static readonly TimeSpan LongestMean = TimeSpan.FromHours(3);

    /// <summary>Vehicles that enter in an hour, all approaches together; with fewer any plan will do.</summary>
    private const double FewestPerHour = 60;

    /// <summary>Less of an approach's demand than this part of the time is no demand to build on.</summary>
    private const double LeastObserved = 0.25;

    private readonly List<Unsaid> _unsaid = [];

    public (ImmutableArray<ProposalStudy> Proposals, ImmutableArray<Unsaid> Unsaid) All(Action<double> progress, CancellationToken cancellation)
    {
        var proposals = ImmutableArray.CreateBuilder<ProposalStudy>();
        var periods = signals.Study.Periods;
        for (var i = 0; i < periods.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress((double)i / periods.Length);
            if (Of(periods[i], $"P{i + 1}") is { } proposal) proposals.Add(proposal);
        }

        if (periods.IsEmpty && signals.IsKnown) _unsaid.Add(new Unsaid(UnsaidKind.NoProposal, null, null, "no plan with a fixed cycle was found"));
        return (proposals.ToImmutable(), [.. _unsaid]);
    }

    private ProposalStudy? Of(PlanPeriod period, string name)
    {
        var plan = signals.Plans[period.Plan];
        ImmutableArray<Interval> all = [.. period.Plans.Select(p => signals.Plans[p].Span)];
        var isPeak = all.Any(s => s.Length > LongestMean);
        var stretches = isPeak ? BusiestHour(all) : all;
        if (stretches.IsEmpty) return Refuse(plan.Span, "no hour of it was watched");
        var midnight = TimeZoneInfo.ConvertTime(plan.Span.From, record.TimeZone);
        if (TodaysPlan.Of(plan, name, settings.AmberSeconds, midnight - midnight.TimeOfDay, out var problem) is not { } today) return Refuse(plan.Span, problem);
        if (record.Approaches.FirstOrDefault(a => Observed(a, stretches) < LeastObserved && HasTraffic(a)) is { } blind) return Refuse(plan.Span, $"{blind.Approach} was watched for too short a time");
        var demand = DemandOf(period, plan, today, stretches);
        if (demand.Sum(d => d.VehiclesPerHour) < FewestPerHour) return Refuse(plan.Span, string.Create(CultureInfo.InvariantCulture, $"{demand.Sum(d => d.VehiclesPerHour):0} vehicles an hour are too few"));
        var rules = settings.RulesFor(today.Plan);
        TimingProposal timing;
        try
        {
            timing = TimingProposal.Of(today.Plan, demand, rules, settings.Seed);
        }
        catch (ArgumentException e)
        {
            return Refuse(plan.Span, e.Message);
        }

        SayCapacity(today.Plan, demand, rules, stretches);
        var busiest = stretches.MaxBy(s => record.Approaches.Sum(a => traffic.Entered(a, [s]).Length / Math.Max(a.Watched.Within(s).Total.TotalHours, 0.1)));
        return new ProposalStudy(busiest, demand, timing)
        {
            Plan = period.Plan,
            Stretches = stretches.Length > 1 ? stretches : [],
            IsPeakHour = isPeak,
            Measures = MeasuresFrom(causes.Where(c => all.Any(s => !s.Clip(c.Span).IsEmpty))),
        };
    }

    private ProposalStudy? Refuse(Interval span, string reason)
    {
        _unsaid.Add(new Unsaid(UnsaidKind.NoProposal, null, span, reason));
        return null;
    }

    private ImmutableArray<GroupDemand> DemandOf(PlanPeriod period, Signals.InferredPlan plan, TodaysPlan today, ImmutableArray<Interval> stretches)
    {
        var demand = ImmutableArray.CreateBuilder<GroupDemand>();
        for (var g = 0; g < plan.Groups.Length; g++)
        {
            if (today.Groups[g] is not { } name || record.Find(plan.Groups[g].Approach) is not { } approach) continue;
            var volumes = MovementFigures.VolumesOf(record, traffic, approach, stretches);
            // Each lane group once, though several movements have its figures.
            var lanes = movements.Where(m => m.Study.Plan == period.Plan && m.Study.Approach == approach.Approach && m.Lanes.Group == g).Select(m => m.Lanes).Distinct().ToList();
            ImmutableArray<LaneGroup> groups =
            [
                .. lanes.Select(l => new LaneGroup(
                    $"{approach.Approach} {string.Join(", ", l.Movements)}", l.Movements.Sum(m => (volumes?.ByMovement.GetValueOrDefault(m) ?? (m == Movement.Entering ? volumes?.Entering : null))?.PerHour ?? 0), l.SaturationFlow.Value)),
            ];
            var entering = volumes?.Entering;
            var share = entering is { PerHour: > 0 } ? groups.Sum(l => l.VehiclesPerHour) / entering.PerHour : 0;
            var error = entering is { PerHour: > 0 } && share > 0 ? (entering.PerHourHigh - entering.PerHourLow) / 2 / 1.96 / entering.PerHour / Math.Sqrt(Math.Min(1, share)) : 0;
            demand.Add(new GroupDemand(name, groups, Math.Min(1, error)));
        }

        return demand.ToImmutable();
    }

    private void SayCapacity(TimingPlan plan, ImmutableArray<GroupDemand> demand, TimingRules rules, ImmutableArray<Interval> stretches)
    {
        // Groups of a stage that go on into others count where they must be served; one that has several stages counts once.
        var stages = plan.Stages.Select(s => new StageDemand(s.Name, [.. demand.Where(d => s.Groups.Contains(d.Group) && plan.Stages.First(f => f.Groups.Contains(d.Group)).Name == s.Name).SelectMany(d => d.Lanes)])).ToList();
        var lost = plan.Stages.Sum(s => s.AmberSeconds + s.AllRedSeconds - Math.Min(rules.AmberUsedSeconds, s.AmberSeconds) + rules.StartLostSeconds);
        var judged = FlowRatios.Of(stages, plan.CycleSeconds, lost);
        if (judged.IsOverCapacity) _unsaid.Add(new Unsaid(UnsaidKind.DemandOverCapacity, null, stretches[0], judged.FlowRatio.ToString("0.00", CultureInfo.InvariantCulture)));
    }

    /// <summary>The hour of the clock in which the most vehicles enter, mean of the days, each approach by its own watched time; on each day on which the plan ran through it.</summary>
    private ImmutableArray<Interval> BusiestHour(ImmutableArray<Interval> stretches)
    {
        var quarters = new Dictionary<int, (double Vehicles, int Days)>();
        foreach (var quarter in stretches.SelectMany(s => new BinAlignment(record.TimeZone).Touching(s, BinDuration.QuarterHour).Where(q => q.Clip(s) == q)))
        {
            var perHour = 0.0;
            foreach (var approach in record.Approaches)
            {
                var watched = approach.Watched.Within(quarter).Total;
                if (watched > quarter.Length / 4) perHour += traffic.Entered(approach, [quarter]).Length / watched.TotalHours;
            }

            var of = (int)(TimeZoneInfo.ConvertTime(quarter.From, record.TimeZone).TimeOfDay.TotalMinutes / 15);
            var (vehicles, days) = quarters.GetValueOrDefault(of);
            quarters[of] = (vehicles + perHour, days + 1);
        }

        var begins = quarters.Keys.Where(q => Enumerable.Range(q, 4).All(quarters.ContainsKey)).ToList();
        if (begins.Count == 0) return [];
        var best = begins.MaxBy(q => Enumerable.Range(q, 4).Average(i => quarters[i].Vehicles / quarters[i].Days));
        return
        [
            .. stretches.SelectMany(s => new BinAlignment(record.TimeZone).Touching(s, BinDuration.QuarterHour)
                .Where(q => (int)(TimeZoneInfo.ConvertTime(q.From, record.TimeZone).TimeOfDay.TotalMinutes / 15) == best)
                .Select(q => new Interval(q.From, q.From.AddHours(1))).Where(h => h.Clip(s) == h)),
        ];
    }

    private static double Observed(ApproachRecord approach, ImmutableArray<Interval> stretches) =>
        stretches.Sum(s => approach.Watched.Within(s).Total.TotalSeconds) / stretches.Sum(s => s.Length.TotalSeconds);

    /// <summary>An arm on which nobody ever arrives needs no green: a one-way street out.</summary>
    private bool HasTraffic(ApproachRecord approach) => approach.Watched.IsEmpty || traffic.Entered(approach.Approach, record.Span).Length > 0;

    /// <summary>What beside timings each cause asks for.</summary>
    private static ImmutableArray<MeasureStudy> MeasuresFrom(IEnumerable<CauseFinding> causes) =>
    [
        .. from cause in causes
           let kind = cause.Kind switch
           {
               CauseKind.ShortTurnLane => MeasureKind.LongerTurnLane,
               CauseKind.RightTurnOverflow => MeasureKind.ProtectedTurn,
               CauseKind.BadOffset => MeasureKind.Offset,
               CauseKind.BlockedLane => MeasureKind.KeepLaneClear,
               CauseKind.PedestrianPhase => MeasureKind.PedestrianTiming,
               CauseKind.SpillBack => MeasureKind.Downstream,
               _ => (MeasureKind?)null,
           }
           where kind is not null && cause.Approach is not null
           group cause by (Kind: kind.GetValueOrDefault(), Approach: cause.Approach.GetValueOrDefault(), cause.Movement) into same
           select new MeasureStudy(same.Key.Kind, same.Key.Approach, same.Key.Movement, null, null),
    ];
}
