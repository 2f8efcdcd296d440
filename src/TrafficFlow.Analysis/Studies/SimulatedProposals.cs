using System.Collections.Immutable;
using System.Globalization;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Simulators;
using TrafficFlow.Analysis.Simulators.Sumo;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Studies;

/// <summary>How proposals are tried in the simulator.</summary>
public sealed record SimulationSettings
{
    public int Seeds { get; init; } = PlanComparison.UsualSeeds;

    /// <summary>Of which the drivers are found; the error is told of as many others.</summary>
    public int CalibrationSeeds { get; init; } = 3;

    public double WarmUpSeconds { get; init; } = 600;

    public double Seconds { get; init; } = 3600;

    /// <summary>Runs at once; null for one for each processor.</summary>
    public int? Parallel { get; init; }

    /// <summary>Mean of the approaches' errors of delay as shares of it, up to which a model counts as calibrated. 20 %: delays of one hour and the next differ by as much.</summary>
    public double MostErrorShare { get; init; } = 0.2;

    /// <summary>Or so near in seconds: of small delays a share says little.</summary>
    public double MostErrorSeconds { get; init; } = 3;
}

/// <summary>
/// Tries the proposals of a study in SUMO: the junction of the site file with the measured demand and today's plan, calibrated until its delays match the measured ones, then today's and the
/// proposed plan on the same vehicles. What cannot be simulated is said, and the study stays as it is.
/// </summary>
public static class SimulatedProposals
{
    public static async Task<JunctionStudy> RunAsync(
        JunctionStudy study, JunctionRecord record, Site site, SumoSimulator sumo, SimulationSettings settings, IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (!study.Proposals.Any(p => p.Timing.IsChange)) return study;
        if (sumo.Missing is { } missing) return study with { Unsaid = study.Unsaid.Add(new Unsaid(UnsaidKind.SimulatorMissing, null, null, missing)) };
        var (proposals, unsaid) = (study.Proposals.ToBuilder(), study.Unsaid.ToBuilder());
        var traffic = new JunctionTraffic(record);
        for (var i = 0; i < proposals.Count; i++)
        {
            if (!proposals[i].Timing.IsChange) continue;
            var (done, all) = (i, proposals.Count);
            try
            {
                var simulated = await SimulateAsync(study, proposals[i], record, traffic, site, sumo, settings, share => progress?.Report(new StudyProgress(StudyStep.Simulation, (done + share) / all)), cancellation).ConfigureAwait(false);
                proposals[i] = proposals[i] with { Simulated = simulated.Study };
                if (!simulated.Study.IsCalibrated) unsaid.Add(new Unsaid(UnsaidKind.NotCalibrated, null, proposals[i].Span, (100 * simulated.ErrorShare).ToString("0", CultureInfo.InvariantCulture)));
            }
            catch (SimulatorException e)
            {
                unsaid.Add(new Unsaid(UnsaidKind.SimulatorFailed, null, proposals[i].Span, e.Message));
            }
        }

        return study with { Proposals = proposals.ToImmutable(), Unsaid = unsaid.ToImmutable() };
    }

    private static async Task<(SimulationStudy Study, double ErrorShare)> SimulateAsync(
        JunctionStudy study, ProposalStudy proposal, JunctionRecord record, JunctionTraffic traffic, Site site, SumoSimulator sumo, SimulationSettings settings, Action<double> progress, CancellationToken cancellation)
    {
        var stretches = proposal.Stretches.IsEmpty ? [proposal.Span] : proposal.Stretches;
        var (junction, withoutTurns) = ModelOf(study, record, traffic, site);
        var (today, then) = (PlanSteps.Of(Turnable(proposal.Timing.Today.Plan, junction.Model), junction.Model), PlanSteps.Of(Turnable(proposal.Timing.Proposed.Plan, junction.Model), junction.Model));
        var demand = DemandOf(proposal, record, traffic, junction.Model, stretches, settings.WarmUpSeconds + settings.Seconds);
        var measured = MeasuredOf(record, traffic, junction.Model, stretches);
        var batch = new SumoBatch(sumo, settings.Parallel);
        var run = new SimulatorRun(junction.Model, today, [demand], DriverModel.Default, 0);
        progress(0);
        // The delays that were measured are those of the demand as it was counted; what it may have been, the comparison draws.
        var counted = run with { Demand = [demand with { Flows = [.. demand.Flows.Select(f => f with { RelativeError = 0 })] }] };
        var fit = await new SumoCalibration(batch).FitAsync(counted, measured, [.. Enumerable.Range(1, settings.CalibrationSeeds)], settings.WarmUpSeconds, cancellation).ConfigureAwait(false);
        progress(0.4);
        var (before, after) = (await AllAsync(today, 0.4).ConfigureAwait(false), await AllAsync(then, 0.7).ConfigureAwait(false));
        var isCalibrated = !fit.IsAtLimit && (fit.MeanErrorShare <= settings.MostErrorShare || fit.RmsErrorSeconds <= settings.MostErrorSeconds);
        ImmutableArray<string> assumptions =
        [
            .. junction.Assumptions,
            .. withoutTurns ? ["who turns back to where they came from is left out"] : (ImmutableArray<string>)[],
            "the demand errs as it was measured: each seed draws it anew, the same for both plans",
            string.Create(CultureInfo.InvariantCulture, $"all drivers keep {fit.Drivers.HeadwaySeconds:0.00} s behind each other (found by calibration{(fit.IsAtLimit ? ", at the limit of what is believed" : "")})"),
        ];
        // Of those approaches that were compared, in their order.
        ImmutableArray<MeasuredDelay> compared = [.. fit.Approaches.Select(a => new MeasuredDelay(a.Approach, a.MeasuredSeconds, a.Vehicles))];
        var result = new SimulationStudy(
            await sumo.VersionAsync(cancellation).ConfigureAwait(false), SumoTraffic.EmissionModel, compared, [.. fit.Approaches.Select(a => a.SimulatedSeconds ?? double.PositiveInfinity)], isCalibrated,
            PlanComparison.Of(before, after, settings.WarmUpSeconds), assumptions);
        return (result, fit.MeanErrorShare);

        Task<ImmutableArray<ImmutableArray<SimulatedJourney>>> AllAsync(SignalSteps plan, double from) => batch.RunAsync(
            [.. Enumerable.Range(1, settings.Seeds).Select(seed => run with { Plan = plan, Drivers = fit.Drivers, Seed = seed })], new Counted(done => progress(from + (0.3 * done / settings.Seeds))), cancellation);
    }

    /// <summary>Lanes as the fullest plan of the study tells them; turns that anybody was seen to make.</summary>
    private static (SiteJunction Junction, bool WithoutTurns) ModelOf(JunctionStudy study, JunctionRecord record, JunctionTraffic traffic, Site site)
    {
        var turns = study.Movements.Select(m => (Movement: m, Exit: ExitOf(site, m.Movement))).Where(m => m.Exit is not null).ToList();
        var withoutTurns = turns.Exists(t => t.Exit == t.Movement.Approach);
        turns.RemoveAll(t => t.Exit == t.Movement.Approach);
        var lanes = new List<SharedLanes>();
        foreach (var approach in turns.GroupBy(t => t.Movement.Approach))
        {
            // Movements with one saturation flow and one flow ratio share their lanes.
            var plan = approach.GroupBy(t => t.Movement.Plan).OrderByDescending(p => p.Select(t => t.Exit).Distinct().Count()).ThenByDescending(p => p.Sum(t => t.Movement.PerHour.Value)).First();
            var shared = plan.GroupBy(t => (t.Movement.SaturationFlow, t.Movement.FlowRatio, t.Movement.Lanes)).Select(g => new SharedLanes(approach.Key, [.. g.Select(t => t.Exit!.Value).Distinct()], Math.Max(1, g.Key.Lanes ?? 1))).ToList();
            var missing = approach.Select(t => t.Exit!.Value).Distinct().Except(shared.SelectMany(s => s.Exits)).ToList();
            if (missing.Count > 0) shared[0] = shared[0] with { Exits = [.. shared[0].Exits, .. missing] };
            lanes.AddRange(shared);
        }

        var speeds = record.Approaches.Select(a => (a.Approach, Speeds: FreeSpeeds(traffic, a, record.Span))).Where(a => a.Speeds.Length >= 20).ToDictionary(a => a.Approach, a => a.Speeds[(int)(0.85 * (a.Speeds.Length - 1))]);
        return (SiteJunction.Of(site, lanes, speeds, record.Approaches.Where(a => a.SeenMetres is not null).ToDictionary(a => a.Approach, a => a.SeenMetres!.Value)), withoutTurns);
    }

    private static double[] FreeSpeeds(JunctionTraffic traffic, ApproachRecord approach, Interval span) =>
        [.. traffic.Entered(approach, [span]).Where(j => j is { Stops: 0, EnterSpeedKmh: not null }).Select(j => j.EnterSpeedKmh!.Value).Order()];

    private static DemandSlice DemandOf(ProposalStudy proposal, JunctionRecord record, JunctionTraffic traffic, JunctionModel junction, ImmutableArray<Interval> stretches, double toSeconds)
    {
        var flows = ImmutableArray.CreateBuilder<DemandFlow>();
        foreach (var turn in junction.Turns)
        {
            if (record.Find(turn.Approach) is not { } approach || MovementFigures.VolumesOf(record, traffic, approach, stretches)?.ByMovement.GetValueOrDefault(Movement.To(turn.Exit)) is not { } volume) continue;
            var classes = traffic.Entered(approach, stretches).Where(j => j.Exit == turn.Exit).GroupBy(j => j.Class).ToDictionary(g => g.Key, g => g.Count());
            double all = classes.Values.Sum();
            var error = proposal.Demand.Where(d => proposal.Timing.Today.Plan.Groups.Any(g => g.Name == d.Group && g.Approach == turn.Approach && (g.Movements.Contains(Movement.To(turn.Exit)) || g.Movements.Contains(Movement.Entering)))).Select(d => d.RelativeError).DefaultIfEmpty(0).Max();
            if (all > 0) flows.AddRange(classes.OrderBy(c => c.Key).Select(c => new DemandFlow(turn, c.Key, volume.PerHour * c.Value / all, error)));
        }

        return new DemandSlice(0, toSeconds, flows.ToImmutable());
    }

    private static List<MeasuredDelay> MeasuredOf(JunctionRecord record, JunctionTraffic traffic, JunctionModel junction, ImmutableArray<Interval> stretches) =>
    [
        .. from approach in record.Approaches
           // Delay over a way of which nobody knows how long it is cannot be compared.
           where approach.SeenMetres is not null && junction.Arms.Any(a => a.Approach == approach.Approach)
           let journeys = traffic.Entered(approach, stretches).Where(j => j is { Exit: not null, DistanceMetres: > 0 } && j.Exit != j.Approach).ToList()
           where journeys.Count > 0
           select new MeasuredDelay(approach.Approach, journeys.Average(j => j.DelaySeconds), journeys.Count),
    ];

    private static ApproachId? ExitOf(Site site, Movement movement) => site.Approaches.Select(a => (ApproachId?)a.Id).FirstOrDefault(a => Movement.To(a!.Value) == movement);

    /// <summary>Without turns for which the model has no lane.</summary>
    private static TimingPlan Turnable(TimingPlan plan, JunctionModel junction)
    {
        var known = junction.Turns.Select(t => (t.Approach, Movement.To(t.Exit))).ToHashSet();
        return plan with { Groups = [.. plan.Groups.Select(g => g with { Movements = [.. g.Movements.Where(m => m == Movement.Entering || known.Contains((g.Approach, m)))] })] };
    }

    private sealed class Counted(Action<int> done) : IProgress<int>
    {
        public void Report(int value) => done(value);
    }
}
